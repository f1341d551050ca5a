namespace Federation.Node.Storage;

/// <summary>One object of a piece of evidence, as it was received or signed.</summary>
internal sealed record EvidenceObject(EvidenceKind Kind, byte[] Content)
{
    /// <summary>The most bytes of one object; what is longer is cut there.</summary>
    public const int MaxBytes = 512 * 1024;

    /// <summary>The object, cut to its bound.</summary>
    public static EvidenceObject Of(EvidenceKind kind, byte[] content) => new(kind, content.Length <= MaxBytes ? content : content[..MaxBytes]);
}
