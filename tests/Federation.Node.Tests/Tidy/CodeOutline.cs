using System.Text.RegularExpressions;

namespace Federation.Node.Tests.Tidy;

/// <summary>Finds types and members by counting braces: enough for code that the compiler and the formatter have accepted.</summary>
internal sealed partial class CodeOutline
{
    private const string Modifier = "public|internal|private|protected|file|sealed|static|abstract|partial|readonly|ref|new|unsafe";
    private const string Kind = @"class|record struct|record class|record|struct|interface|enum|delegate [\w.<>?\[\]]+";

    private readonly string code;
    private readonly List<CodeType> types = [];
    private readonly List<CodeMember> members = [];

    private CodeOutline(string code) => this.code = code;

    /// <summary>The types and members of a file's code.</summary>
    public static (IReadOnlyList<CodeType> Types, IReadOnlyList<CodeMember> Members) Read(string code, string name)
    {
        var outline = new CodeOutline(code);
        if (name == "Program")
            outline.members.Add(new CodeMember(1, code.TrimEnd().Count(c => c == '\n') + 1));
        else
            outline.ReadBody(0, insideType: false);
        return (outline.types, outline.members);
    }

    // Reads declarations from a place up to the brace that closes their body; returns the place behind it.
    private int ReadBody(int at, bool insideType)
    {
        var first = at;
        var depth = 0;
        var isExpression = false;
        for (; at < code.Length; at++)
        {
            var here = code[at];
            if (depth > 0 || here is '(' or '[')
                depth += here switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            else if (here == '}')
                return at + 1;
            else if (here == '=')
                isExpression |= !IsComparison(at);
            else if (here == '{' && isExpression)
                at = EndOfBlock(at);
            else if (here is '{' or ';')
            {
                at = here == '{' ? ReadBraces(first, at, insideType) - 1 : ReadSemicolon(first, at, insideType);
                first = at + 1;
                isExpression = false;
            }
        }

        return at;
    }

    private bool IsComparison(int at) => code[at - 1] is '=' or '!' or '<' or '>' || code[at + 1] == '=';

    private int ReadBraces(int first, int brace, bool insideType)
    {
        var header = Declaration().Match(code, first, brace - first);
        if (header.Success)
        {
            AddType(header, insideType);
            if (header.Groups["kind"].Value != "enum")
                return ReadBody(brace + 1, insideType: true);
        }

        var end = EndOfBlock(brace);
        if (insideType && !header.Success)
            AddMember(first, end);
        return end + 1;
    }

    private int ReadSemicolon(int first, int semicolon, bool insideType)
    {
        var header = Declaration().Match(code, first, semicolon - first);
        if (header.Success)
            AddType(header, insideType);
        else if (insideType)
            AddMember(first, semicolon);
        return semicolon;
    }

    private int EndOfBlock(int brace)
    {
        var depth = 0;
        for (var at = brace; at < code.Length; at++)
        {
            depth += code[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return at;
        }

        return code.Length - 1;
    }

    private void AddType(Match header, bool insideType)
    {
        var kind = header.Groups["kind"].Value.Split(' ')[0];
        if (header.Groups["kind"].Value == "record struct")
            kind = "struct";
        types.Add(new CodeType(header.Groups["name"].Value, kind, header.Groups["modifiers"].Value, LineOf(header.Groups["name"].Index), insideType));
    }

    private void AddMember(int first, int last)
    {
        while (first < last && char.IsWhiteSpace(code[first]))
            first++;
        members.Add(new CodeMember(LineOf(first), LineOf(last)));
    }

    private int LineOf(int index) => code.AsSpan(0, index).Count('\n') + 1;

    [GeneratedRegex($@"(?m)^\s*(?:\[[^\]]*\]\s*)*(?<modifiers>(?:(?:{Modifier})\s+)*)(?<kind>{Kind})\s+(?<name>\w+)")]
    private static partial Regex Declaration();
}
