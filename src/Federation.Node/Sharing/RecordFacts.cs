using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>What the sharing decision knows of one record. All of it is local; none of it is ever disclosed.</summary>
internal sealed class RecordFacts
{
    /// <summary>The institute that issued the record.</summary>
    public required InstituteId Origin { get; init; }

    /// <summary>The record's id.</summary>
    public required RecordId Id { get; init; }

    /// <summary>The record's kind; a value that this program does not know is hidden from everybody.</summary>
    public required RecordKind Kind { get; init; }

    /// <summary>The envelope's marking; a value that this program does not know counts as RED with an empty audience.</summary>
    public required Marking Marking { get; init; }

    /// <summary>The envelope's state.</summary>
    public required RecordState State { get; init; }

    /// <summary>True for a record that only publishers of the own institute may see.</summary>
    public required bool Draft { get; init; }

    /// <summary>No partner sees the record before this moment, in milliseconds since 1970-01-01 UTC; 0 means no embargo.</summary>
    public required long ReleaseMs { get; init; }

    /// <summary>Whom the record is for; empty means no restriction (RED: nobody).</summary>
    public required Audience Audience { get; init; }

    /// <summary>True for a record of the own institute, false for a held record of another.</summary>
    public required bool Own { get; init; }

    /// <summary>
    /// False if an older program wrote the record, so that nobody knows its severity, availability, language, date of issue, permitted
    /// actions, attribution and time of publication.
    /// </summary>
    public required bool TraitsKnown { get; init; }

    /// <summary>The highest severity that a part states, as <see cref="RecordTraits"/> codes it; null if none does.</summary>
    public required int? Severity { get; init; }

    /// <summary>A model's availability by number; null if no part states it.</summary>
    public required int? Availability { get; init; }

    /// <summary>The language of the envelope, a BCP 47 tag; empty if it has none.</summary>
    public required string Language { get; init; }

    /// <summary>The first moment of the date of issue, in milliseconds since 1970-01-01 UTC; null if the record has none.</summary>
    public required long? IssuedMs { get; init; }

    /// <summary>The envelope's onward rule; UNSPECIFIED counts as NONE.</summary>
    public required Onward Onward { get; init; }

    /// <summary>The envelope's permitted actions; UNSPECIFIED counts as NONE.</summary>
    public required PermittedActions PermittedActions { get; init; }

    /// <summary>The envelope's rule on naming the originator; UNSPECIFIED counts as MUST_NOT.</summary>
    public required Attribution Attribution { get; init; }

    /// <summary>When the record was first published, in milliseconds since 1970-01-01 UTC; 0 means that it is not known.</summary>
    public required long PublishedMs { get; init; }

    /// <summary>The envelope's topic codes.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The parts without the envelope, in the order of their ids.</summary>
    public required IReadOnlyList<PartFacts> Parts { get; init; }
}
