using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Federation.Cli.RecordFiles;

/// <summary>Finds record files and reads them: one record a <c>.json</c> file, one a line in <c>.jsonl</c> and <c>.ndjson</c>.</summary>
internal static class DraftFiles
{
    private const long MaxFileBytes = 16 * 1024 * 1024;

    private static readonly string[] LineExtensions = [".jsonl", ".ndjson"];

    /// <summary>The files that the paths name; of directories all record files below them, in the order of their paths.</summary>
    public static List<string> Find(IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
                files.AddRange(Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsRecordFile).Order(StringComparer.Ordinal));
            else if (File.Exists(path))
                files.Add(path);
            else
                throw CommandFailureException.Usage($"There is no file or directory {path}.");
        }
        return files.Count > 0 ? files : throw CommandFailureException.Usage("There is no .json or .jsonl file there.");
    }

    /// <summary>Reads the records one after the other.</summary>
    public static async IAsyncEnumerable<DraftSource> ReadAsync(
        IEnumerable<string> files, bool isIdempotent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            if (!IsLines(file))
            {
                yield return await ReadOneAsync(file, isIdempotent, cancellationToken);
                continue;
            }
            var digest = isIdempotent ? await DigestAsync(file, cancellationToken) : null;
            var line = 0;
            var index = 0;
            await foreach (var text in File.ReadLinesAsync(file, cancellationToken))
            {
                line++;
                if (string.IsNullOrWhiteSpace(text))
                    continue;
                var bytes = System.Text.Encoding.UTF8.GetBytes(text);
                var (draft, faults) = DraftJson.Read(bytes);
                yield return new DraftSource($"{file}:{line}", bytes.Length + 1, draft, faults, KeyOf(digest, index++));
            }
        }
    }

    private static async Task<DraftSource> ReadOneAsync(string file, bool isIdempotent, CancellationToken cancellationToken)
    {
        var size = new FileInfo(file).Length;
        if (size > MaxFileBytes)
            return new DraftSource(file, size, null, [new FieldFault("", $"The file is larger than {MaxFileBytes} bytes.")]);
        var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
        var (draft, faults) = DraftJson.Read(bytes);
        return new DraftSource(file, size, draft, faults, KeyOf(isIdempotent ? Convert.ToHexStringLower(SHA256.HashData(bytes)) : null, 0));
    }

    private static async Task<string> DigestAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    private static string KeyOf(string? digest, int index) => digest is null ? "" : $"{digest}:{index}";

    private static bool IsLines(string file) => LineExtensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static bool IsRecordFile(string file) => IsLines(file) || Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase);
}
