using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Tests.Sharing;

/// <summary>Builds what the decision knows of a record: unmarked by anything that would hide it, unless a test says so.</summary>
internal static class Facts
{
    /// <summary>2026-01-01T00:00:00Z.</summary>
    public const long Now = 1_767_225_600_000;

    public const long Hour = 3_600_000;
    public const long Day = 24 * Hour;

    public static readonly InstituteId Us = InstituteId.Parse("us");
    public static readonly InstituteId Kr = InstituteId.Parse("kr");
    public static readonly InstituteId Uk = InstituteId.Parse("uk");
    public static readonly InstituteId De = InstituteId.Parse("de");

    public static readonly Recipient ForKr = Recipient.Of(Kr);
    public static readonly Recipient ForUk = Recipient.Of(Uk);

    public static readonly Func<RecordName, bool> AllNameable = _ => true;
    public static readonly Func<RecordName, bool> NoneNameable = _ => false;

    private static readonly TraitWords Plain = new();

    public static RecordFacts Record(
        RecordKind kind = RecordKind.Incident,
        Marking marking = Marking.Green,
        bool draft = false,
        long release = 0,
        InstituteId[]? audience = null,
        string[]? topics = null,
        TraitWords? traits = null,
        params PartFacts[] parts)
    {
        var said = traits ?? Plain;
        return new RecordFacts
        {
            Origin = said.Held ? De : Us,
            Own = !said.Held,
            Id = new RecordId(1),
            Kind = kind,
            Marking = marking,
            State = said.State,
            Draft = draft,
            ReleaseMs = release,
            Audience = new Audience { Institutes = audience ?? [], Groups = said.Groups },
            Topics = topics ?? [],
            TraitsKnown = said.Known,
            Severity = said.Severity,
            Availability = said.Availability,
            Language = said.Language,
            IssuedMs = said.Issued,
            Onward = said.Onward,
            PermittedActions = said.Actions,
            Attribution = said.Attribution,
            PublishedMs = said.Published,
            Parts = parts,
        };
    }

    public static PartFacts Part(
        int type = Federation.V1.Records.Part.IncidentSummaryFieldNumber,
        Marking marking = Marking.Unspecified,
        long release = 0,
        InstituteId[]? audience = null,
        string[]? groups = null,
        params RecordName[] references) => new()
        {
            Part = (ulong)type,
            Type = type,
            Marking = marking,
            ReleaseMs = release,
            Audience = audience is null && groups is null ? null : new Audience { Institutes = audience ?? [], Groups = groups ?? [] },
            References = references,
        };

    /// <summary>The same part with an onward rule of its own.</summary>
    public static PartFacts Saying(this PartFacts part, Onward onward) => new()
    {
        Part = part.Part,
        Type = part.Type,
        Marking = part.Marking,
        Onward = onward,
        ReleaseMs = part.ReleaseMs,
        Audience = part.Audience,
        References = part.References,
    };

    public static RecordName Name(InstituteId origin, int id) => new(origin, new RecordId((UInt128)id));
}
