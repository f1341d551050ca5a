using System.Text;
using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Benchmarks.Load;

/// <summary>Makes incidents of 2 KiB: an envelope and 12 parts, AMBER, one in ten forwardable. The same seed makes the same records.</summary>
internal sealed class BenchRecords(int seed, int passPercent)
{
    /// <summary>The bytes of envelope and parts together.</summary>
    public const int ContentBytes = 2048;

    private const int PartCount = 12;

    private readonly Random random = new(seed);
    private int made;

    /// <summary>Whether the record of a number passes the policy: spread evenly over the numbers.</summary>
    public bool Passes(int number) => (long)(number + 1) * passPercent / 100 > (long)number * passPercent / 100;

    /// <summary>How many of the first so many records pass.</summary>
    public int PassingOf(int count) => (int)((long)count * passPercent / 100);

    /// <summary>The next record.</summary>
    public RecordDraft Next()
    {
        var number = made++;
        var draft = new RecordDraft
        {
            Kind = RecordKind.Incident,
            RecordId = NextId(),
            Envelope = new Envelope
            {
                Title = $"Incident {number}: {Words(40)}",
                Language = "en",
                State = RecordState.Final,
                Issued = new PreciseDate { Year = 2026, Month = 1 + number % 12, Day = 1 + number % 28, Precision = DatePrecision.Day },
                Marking = Marking.Amber,
                Onward = number % 10 == 0 ? Onward.Community : Onward.None,
                Topics = { Passes(number) ? BenchPolicy.SharedTopic : BenchPolicy.OtherTopic },
            },
        };
        AddParts(draft);
        var summary = draft.Parts[0].Part.IncidentSummary;
        var missing = ContentBytes - SizeOf(draft);
        summary.Description += Words(Math.Max(0, missing));
        summary.Description = summary.Description[..Math.Max(1, summary.Description.Length - Math.Max(0, SizeOf(draft) - ContentBytes))];
        return draft;
    }

    public static int SizeOf(RecordDraft draft) => draft.Envelope.CalculateSize() + draft.Parts.Sum(p => p.Part.CalculateSize());

    private void AddParts(RecordDraft draft)
    {
        Add(draft, new Part { IncidentSummary = new IncidentSummary { Description = Words(60), Severity = IncidentSeverity.Incident, Status = IncidentStatus.Concluded } });
        Add(draft, new Part { IncidentCause = new IncidentCause { Entity = CausalEntity.Ai, Intent = CausalIntent.Unintentional, Timing = CausalTiming.PostDeployment, RootCause = Words(80) } });
        Add(draft, new Part { IncidentContext = new IncidentContext { Countries = { "GB", "JP" }, Autonomy = AutonomyLevel.Medium, Breadth = DeploymentBreadth.Broad, BusinessFunction = Words(30) } });
        Add(draft, new Part { IncidentSystem = new IncidentSystem { System = new SubjectReference { Name = Words(20), Version = "1.2" }, Task = Words(40) } });
        for (var i = 0; i < 2; i++)
            Add(draft, new Part { IncidentParty = new IncidentParty { Entity = Words(24), Role = new VocabularyCode { Scheme = "role", Code = "deployer" }, Note = Words(50) } });
        for (var i = 0; i < 2; i++)
            Add(draft, new Part { IncidentHarm = new IncidentHarm { Type = new VocabularyCode { Scheme = "harm", Code = "economic" }, Statement = Words(90) } });
        for (var i = 0; i < 2; i++)
            Add(draft, new Part { IncidentActionTaken = new IncidentActionTaken { Statement = Words(90), Actor = Words(16), Effect = Words(40) } });
        while (draft.Parts.Count < PartCount)
            Add(draft, new Part { IncidentClassification = new IncidentClassification { Code = new VocabularyCode { Scheme = "class", Code = "c1" }, Rationale = Words(60) } });
    }

    private static void Add(RecordDraft draft, Part part) => draft.Parts.Add(new PartDraft { Part = part });

    private string NextId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private string Words(int length)
    {
        var text = new StringBuilder(length + 8);
        while (text.Length < length)
        {
            for (var letters = random.Next(2, 9); letters > 0; letters--)
                text.Append((char)('a' + random.Next(26)));
            text.Append(' ');
        }

        text.Length = length;
        return text.ToString();
    }
}
