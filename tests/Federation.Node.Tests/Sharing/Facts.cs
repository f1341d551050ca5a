using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Tests.Sharing;

/// <summary>Builds what the decision knows of a record: unmarked by anything that would hide it, unless a test says so.</summary>
internal static class Facts
{
    public const long Now = 1_000;

    public static readonly InstituteId Us = InstituteId.Parse("us");
    public static readonly InstituteId Kr = InstituteId.Parse("kr");
    public static readonly InstituteId Uk = InstituteId.Parse("uk");

    public static readonly Func<RecordName, bool> AllNameable = _ => true;
    public static readonly Func<RecordName, bool> NoneNameable = _ => false;

    public static RecordFacts Record(
        RecordKind kind = RecordKind.Incident,
        Marking marking = Marking.Green,
        bool draft = false,
        long release = 0,
        InstituteId[]? audience = null,
        string[]? topics = null,
        params PartFacts[] parts) => new()
        {
            Origin = Us,
            Id = new RecordId(1),
            Kind = kind,
            Marking = marking,
            State = RecordState.Final,
            Draft = draft,
            ReleaseMs = release,
            Audience = audience ?? [],
            Topics = topics ?? [],
            Parts = parts,
        };

    public static PartFacts Part(
        int type = Federation.V1.Records.Part.IncidentSummaryFieldNumber,
        Marking marking = Marking.Unspecified,
        long release = 0,
        InstituteId[]? audience = null,
        params RecordName[] references) => new()
        {
            Part = (ulong)type,
            Type = type,
            Marking = marking,
            ReleaseMs = release,
            Audience = audience,
            References = references,
        };

    public static RecordName Name(InstituteId origin, int id) => new(origin, new RecordId((UInt128)id));
}
