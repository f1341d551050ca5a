namespace Federation.Node.Tests.Tidy;

/// <summary>A member of a type, or the top-level statements of a program.</summary>
/// <param name="FirstLine">The line it begins on, from 1; attributes count, comments above it do not.</param>
/// <param name="LastLine">The line it ends on.</param>
internal sealed record CodeMember(int FirstLine, int LastLine)
{
    public int LineCount => LastLine - FirstLine + 1;
}
