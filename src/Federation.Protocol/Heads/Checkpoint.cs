using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>
/// A head as the text of a C2SP tlog-checkpoint: a line each for origin, tree size and root in base64, then extension lines. The text ends in
/// a newline, and is what a <see cref="SignedNote"/> signs.
/// </summary>
/// <param name="Origin">The log's identity. For a ledger it names institute, ledger and incarnation: each life is a log of its own.</param>
/// <param name="Size">The number of entries.</param>
/// <param name="Root">The root of the tree over them (RFC 6962).</param>
/// <param name="Extensions">The extension lines, not empty; a ledger's one says when the head was signed.</param>
public sealed record Checkpoint(string Origin, ulong Size, Digest Root, IReadOnlyList<string> Extensions)
{
    /// <summary>What begins the origin of every ledger's checkpoints. The name is reserved (RFC 2606): it collides with nobody's.</summary>
    public const string OriginPrefix = "federation.example";

    private const string TimeExtension = "time_ms ";
    private const int MaxExtensions = 16;

    /// <summary>The checkpoint of a head.</summary>
    public static Checkpoint Of(InstituteId institute, Head head) => new(
        string.Create(CultureInfo.InvariantCulture, $"{OriginPrefix}/{institute}/{head.Ledger}/{head.Incarnation}"),
        head.Size,
        head.Root,
        [string.Create(CultureInfo.InvariantCulture, $"{TimeExtension}{head.TimeMs}")]);

    /// <summary>Reads a checkpoint's text; false, with a sentence in <paramref name="error"/>, for anything that the format does not allow.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Checkpoint? checkpoint, out string error)
    {
        checkpoint = null;
        if (text.Any(character => character < ' ' && character != '\n') || !text.EndsWith('\n'))
            return Refuse("A checkpoint ends in a newline and has no other control characters.", out error);
        var lines = text[..^1].Split('\n');
        if (lines.Length is < 3 or > 3 + MaxExtensions || lines.Any(line => line.Length == 0))
            return Refuse($"A checkpoint has 3 to {3 + MaxExtensions} lines, none of them empty.", out error);
        if (!ulong.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size > long.MaxValue
            || (lines[1][0] == '0' && lines[1].Length > 1))
        {
            return Refuse("The tree size is a decimal number below 2^63 without leading zeroes.", out error);
        }
        var root = new byte[Digest.SizeBytes];
        // Written again and compared: one root has one spelling.
        if (!Convert.TryFromBase64String(lines[2], root, out var length) || length != Digest.SizeBytes || Convert.ToBase64String(root) != lines[2])
            return Refuse("The root hash is 32 bytes in base64.", out error);
        checkpoint = new Checkpoint(lines[0], size, Digest.Read(root), lines[3..]);
        error = "";
        return true;
    }

    /// <summary>The text, with the newline that ends it.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(Origin).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{Size}\n");
        text.Append(Convert.ToBase64String(Root.ToBytes())).Append('\n');
        foreach (var extension in Extensions)
            text.Append(extension).Append('\n');
        return text.ToString();
    }

    private static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
