using Google.Protobuf;

namespace Federation.Cli.Output;

/// <summary>Hashes as people see them: lower-case hexadecimal.</summary>
internal static class HashText
{
    private const int ShortLength = 17;

    public static string Of(ByteString hash) => Convert.ToHexStringLower(hash.Span);

    /// <summary>Enough of it to tell it from others in a table.</summary>
    public static string Short(ByteString hash) => SafeText.Short(Of(hash), ShortLength);
}
