using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One record as it is stored; own records and received ones fill the same columns.</summary>
internal sealed class StoredRecord
{
    /// <summary>The local number, which never leaves the node.</summary>
    public required long Rec { get; init; }

    /// <summary>The record's originator and id.</summary>
    public required RecordName Name { get; init; }

    /// <summary>0 for own records, else the number of the partner that sent it.</summary>
    public required int Source { get; init; }

    /// <summary>The kind, as a number that this program may not know.</summary>
    public required int Kind { get; init; }

    /// <summary>The schema number of the record's parts.</summary>
    public required int Schema { get; init; }

    /// <summary>Own: the revision from 1 on. Received: the number of disclosures so far.</summary>
    public required int Version { get; init; }

    /// <summary>How the record stands at this node.</summary>
    public required RecordStatus Status { get; init; }

    /// <summary>The change number of the record's latest state.</summary>
    public required long ChangedN { get; init; }

    /// <summary>When the latest state was taken or received, in milliseconds since 1970-01-01 UTC.</summary>
    public required long ReceivedMs { get; init; }

    /// <summary>The encoded <see cref="RecordShape"/>; empty when the content is gone.</summary>
    public required byte[] Shape { get; init; }

    /// <summary>Whether the copy takes part in passing records on.</summary>
    public OnwardState Onward { get; init; }

    /// <summary>The partner that passed the copy on; null for own records and for what came from its origin.</summary>
    public InstituteId? Via { get; init; }

    /// <summary>Why a record is in quarantine.</summary>
    public string? Reason { get; init; }

    /// <summary>While the change number is at most this, a partner holds a newer version than this node, which lost it: nobody is told the older one.</summary>
    public long StaleN { get; init; }

    /// <summary>The sealed openings; null if they were not asked for or are gone.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The data key of the body; null if it was not asked for or is destroyed.</summary>
    public byte[]? DataKey { get; init; }

    /// <summary>The key of the salts of an own record; null if it was not asked for or is destroyed.</summary>
    public byte[]? SaltKey { get; init; }
}
