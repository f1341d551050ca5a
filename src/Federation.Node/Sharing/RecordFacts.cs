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

    /// <summary>The institutes that may see the record; empty means no restriction (RED: nobody).</summary>
    public required IReadOnlyList<InstituteId> Audience { get; init; }

    /// <summary>The envelope's topic codes.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The parts without the envelope, in the order of their ids.</summary>
    public required IReadOnlyList<PartFacts> Parts { get; init; }
}
