using System.Runtime.CompilerServices;
using Federation.Cli.RecordFiles;
using Federation.Formats;

namespace Federation.Cli.Publishing;

/// <summary>A set of files of one public format: every file below a path, in the order of their paths.</summary>
internal sealed class ImportSet
{
    private readonly string _format;
    private readonly ImportHandling _handling;
    private readonly List<(string File, string PathInSet)> _files;

    public ImportSet(string format, string path, ImportHandling handling)
    {
        _format = format;
        _handling = handling;
        _files = Find(path);
        SizeBytes = _files.Sum(file => new FileInfo(file.File).Length);
    }

    /// <summary>The bytes of all files; for progress.</summary>
    public long SizeBytes { get; }

    /// <summary>Maps the files one after the other; a file that cannot be mapped is a record that could not be read.</summary>
    public async IAsyncEnumerable<DraftSource> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (file, pathInSet) in _files)
        {
            var size = new FileInfo(file).Length;
            if (size > Importers.MaxFileBytes)
            {
                var fault = new FieldFault("", $"The file has {size} bytes; at most {Importers.MaxFileBytes} are read.");
                yield return new DraftSource(pathInSet, size, null, [fault]);
                continue;
            }
            var outcome = Map(pathInSet, await File.ReadAllBytesAsync(file, cancellationToken));
            if (outcome.Drafts.Count == 0)
                yield return new DraftSource(pathInSet, size, null, [.. outcome.Faults.Select(fault => new FieldFault(fault.Path, fault.Message))]);
            foreach (var draft in outcome.Drafts)
                yield return new DraftSource(pathInSet, size / outcome.Drafts.Count, draft, []);
        }
    }

    private ImportOutcome Map(string pathInSet, byte[] content)
    {
        try
        {
            return Importers.Import(_format, pathInSet, content, _handling);
        }
        catch (ArgumentException fault)
        {
            throw CommandFailureException.Usage(fault.Message);
        }
    }

    private static List<(string File, string PathInSet)> Find(string path)
    {
        if (File.Exists(path))
            return [(path, Path.GetFileName(path))];
        if (!Directory.Exists(path))
            throw CommandFailureException.Usage($"There is no file or directory {path}.");
        return
        [
            .. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Select(file => (File: file, PathInSet: Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/')))
                .OrderBy(file => file.PathInSet, StringComparer.Ordinal),
        ];
    }
}
