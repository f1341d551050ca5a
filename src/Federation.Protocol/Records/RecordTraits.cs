using Federation.V1.Records;

namespace Federation.Protocol.Records;

/// <summary>What lists and rules read of a record's content: taken once, from all its parts, whether a partner sees those parts or not.</summary>
/// <param name="Severity">The highest severity that a part states, as <see cref="SeverityOf(IncidentSeverity)"/> codes it; null if none does.</param>
/// <param name="Availability">A model's availability; null if no part states it.</param>
/// <param name="IssuedMs">The first moment of the date of issue, in milliseconds since 1970-01-01 UTC; null if it has none.</param>
public sealed record RecordTraits(int? Severity, int? Availability, long? IssuedMs)
{
    private const int IncidentSeverities = 100;
    private const int FlawSeverities = 200;

    /// <summary>Codes an incident's severity so that it can't be mistaken for a flaw's.</summary>
    public static int SeverityOf(IncidentSeverity severity) => IncidentSeverities + (int)severity;

    /// <summary>Codes a flaw's severity so that it can't be mistaken for an incident's.</summary>
    public static int SeverityOf(FlawSeverity severity) => FlawSeverities + (int)severity;

    /// <summary>Reads the traits of an envelope and parts.</summary>
    public static RecordTraits Read(Envelope envelope, IEnumerable<Part> parts)
    {
        int? severity = null;
        int? availability = null;
        foreach (var part in parts)
        {
            switch (part.ContentCase)
            {
                case Part.ContentOneofCase.IncidentSummary when part.IncidentSummary.Severity != IncidentSeverity.Unspecified:
                    severity = Math.Max(severity ?? 0, SeverityOf(part.IncidentSummary.Severity));
                    break;
                case Part.ContentOneofCase.FlawSummary when part.FlawSummary.Severity != FlawSeverity.Unspecified:
                    severity = Math.Max(severity ?? 0, SeverityOf(part.FlawSummary.Severity));
                    break;
                case Part.ContentOneofCase.ModelDescription when part.ModelDescription.Availability != 0:
                    availability = (int)part.ModelDescription.Availability;
                    break;
            }
        }

        return new RecordTraits(severity, availability, PreciseDates.FirstMomentMs(envelope.Issued));
    }
}
