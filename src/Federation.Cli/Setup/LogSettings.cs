namespace Federation.Cli.Setup;

/// <summary>How a node logs.</summary>
/// <param name="Level">The least level that is written.</param>
/// <param name="Format"><c>text</c> or <c>json</c>.</param>
internal sealed record LogSettings(string Level, string Format);
