using System.Text;

namespace Federation.Cli.Commands;

/// <summary>A policy in a file, as it is sent to the node.</summary>
/// <param name="Name">The file's name without its directory, which the node's messages say.</param>
/// <param name="Text">The policy (YAML).</param>
internal sealed record PolicyFile(string Name, string Text)
{
    private const int MaxBytes = 64 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<PolicyFile> ReadAsync(string file, CancellationToken cancellationToken)
    {
        // Read up to the bound and not measured before: a pipe has no length.
        var bytes = new byte[MaxBytes + 1];
        await using var stream = File.OpenRead(file);
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MaxBytes)
            throw CommandFailureException.Usage($"{file} is larger than a policy may be, {MaxBytes} bytes.");
        try
        {
            return new PolicyFile(Path.GetFileName(file), Utf8.GetString(bytes, 0, length).TrimStart('\uFEFF'));
        }
        catch (DecoderFallbackException)
        {
            throw CommandFailureException.Usage($"{file} is not text in UTF-8.");
        }
    }
}
