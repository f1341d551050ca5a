using System.Security.Cryptography;

namespace Federation.Formats;

/// <summary>A file as an importer sees it: where it lies, its digest, and the handling that was named.</summary>
internal sealed record ImportedFile(string PathInSet, ReadOnlyMemory<byte> Content, ImportHandling Handling)
{
    internal byte[] Digest() => SHA256.HashData(Content.Span);
}
