namespace Federation.Node.Tests.Tidy;

/// <summary>One C# file: its text, its code without comments and literals, and the types and members found in it.</summary>
internal sealed class SourceFile
{
    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Lines = text.TrimEnd('\n').Split('\n');
        Code = CodeText.Blank(text);
        (Types, Members) = CodeOutline.Read(Code, Name);
    }

    /// <summary>The path from the repository's directory.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<string> Lines { get; }

    /// <summary>The text with every comment and literal turned into blanks; positions are those of the text.</summary>
    public string Code { get; }

    public IReadOnlyList<CodeType> Types { get; }

    public IReadOnlyList<CodeMember> Members { get; }

    /// <summary>The file's name without its ending.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public static SourceFile Read(string path) => new(path, RepositoryTree.Read(path).ReplaceLineEndings("\n"));
}
