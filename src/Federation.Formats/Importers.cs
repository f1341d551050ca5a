using Federation.Formats.Avid;
using Federation.Formats.Drafting;
using Federation.Formats.Eee;
using Federation.Formats.Osv;
using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats;

/// <summary>
/// Turns files of public formats into record drafts. Pure: the same bytes, path and handling give the same drafts, byte for byte.
/// </summary>
public static class Importers
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxFileBytes = 16 * 1024 * 1024;

    /// <summary>The deepest nesting that is read; the outermost value is at depth 1.</summary>
    public const int MaxDepth = 64;

    /// <summary>The formats that can be imported, by the names that <see cref="Import"/> takes.</summary>
    public static IReadOnlyList<string> Formats { get; } = [AvidImporter.Format, EeeImporter.Format, OsvImporter.Format];

    /// <summary>Maps one file, or says which fields stand against it.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="pathInSet">The file's path inside the imported set with "/" between folders; it tells records apart whose id occurs twice.</param>
    /// <param name="file">The file's bytes.</param>
    /// <param name="handling">Marking, audience and topics for every record of the file.</param>
    /// <exception cref="ArgumentException">The format is unknown, or the handling is out of bounds: the caller's mistake, not the file's.</exception>
    public static ImportOutcome Import(string format, string pathInSet, ReadOnlyMemory<byte> file, ImportHandling handling)
    {
        ArgumentNullException.ThrowIfNull(pathInSet);
        ArgumentNullException.ThrowIfNull(handling);
        CheckHandling(handling);
        Func<SourceNode, ImportedFile, ImportOutcome> mapping = format switch
        {
            AvidImporter.Format => AvidImporter.Import,
            EeeImporter.Format => EeeImporter.Import,
            OsvImporter.Format => OsvImporter.Import,
            _ => throw new ArgumentException($"unknown format '{format}'", nameof(format)),
        };
        if (file.Length > MaxFileBytes)
            return ImportOutcome.Refused(new ImportFault("", $"the file has {file.Length} bytes; at most {MaxFileBytes} are read"));
        if (pathInSet.Length > DraftLimits.PathInSetChars)
            return ImportOutcome.Refused(new ImportFault("", $"the path in the set is longer than {DraftLimits.PathInSetChars} characters"));
        var (root, fault) = JsonText.Parse(file);
        if (root is null)
            return ImportOutcome.Refused(fault!);
        if (root["$schema"] is { } schema)
            return ImportOutcome.Refused(new ImportFault(schema.Pointer, "the file is a JSON Schema, which describes records and is none"));
        return mapping(root, new ImportedFile(pathInSet, file, handling));
    }

    private static void CheckHandling(ImportHandling handling)
    {
        if (handling.Marking is Marking.Unspecified || !Enum.IsDefined(handling.Marking))
            throw new ArgumentException("an import has to name its marking", nameof(handling));
        if (handling.Audience.Count > DraftLimits.Audience)
            throw new ArgumentException($"at most {DraftLimits.Audience} institutes can be named in the audience", nameof(handling));
        if (handling.Topics.Count > DraftLimits.Topics)
            throw new ArgumentException($"at most {DraftLimits.Topics} topics can be named", nameof(handling));
    }
}
