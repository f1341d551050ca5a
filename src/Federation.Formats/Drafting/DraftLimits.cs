namespace Federation.Formats.Drafting;

/// <summary>Bounds of the record model that an import keeps. Lengths are UTF-16 code units, never more than the model's characters.</summary>
internal static class DraftLimits
{
    internal const int Parts = 1000;
    internal const int PartBytes = 128 * 1024;

    /// <summary>The record's 256 KiB, less room for what the node adds to the record.</summary>
    internal const int RecordBytes = 240 * 1024;

    /// <summary>What an import source part may take at most, so that content comes first.</summary>
    internal const int UnmappedBytes = 96 * 1024;
    internal const int References = 256;
    internal const int EvidencePerPart = 64;
    internal const int Topics = 32;
    internal const int Audience = 64;
    internal const int TitleChars = 512;
    internal const int NameChars = 256;
    internal const int UrlChars = 2048;
    internal const int ExternalIdChars = 256;
    internal const int PathInSetChars = 512;
    internal const int KeyChars = 128;
    internal const int UnmappedFields = 256;
    internal const int UnmappedPathChars = 1024;
    internal const int UnmappedValueChars = 2000;
    internal const int LossNotes = 64;
    internal const int LossNoteChars = 256;
}
