namespace Federation.Protocol.Records;

/// <summary>The bounds of one record, the same for every node. Larger content is an attachment.</summary>
public static class RecordLimits
{
    /// <summary>The highest schema number of the record model that this program understands.</summary>
    public const int Schema = 1;

    /// <summary>The most bytes of all part values of a record, the envelope's included: 256 KiB.</summary>
    public const int MaxRecordBytes = 256 * 1024;

    /// <summary>The most bytes of one part's value: 128 KiB.</summary>
    public const int MaxPartBytes = 128 * 1024;

    /// <summary>The most parts of a record, without the envelope.</summary>
    public const int MaxParts = 1000;

    /// <summary>The most references of a record.</summary>
    public const int MaxReferences = 256;

    /// <summary>The most topics of a record.</summary>
    public const int MaxTopics = 32;
}
