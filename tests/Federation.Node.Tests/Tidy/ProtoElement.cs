namespace Federation.Node.Tests.Tidy;

/// <summary>One element of a proto file.</summary>
internal sealed record ProtoElement(string Path, int Line, string Text, bool HasComment);
