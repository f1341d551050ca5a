using Xunit;

namespace Federation.Node.Tests.Tidy;

/// <summary>Shows that the checks of the repository see what they look for.</summary>
public sealed class TidyToolTests
{
    [Fact]
    public void Comments_and_literals_are_no_code()
    {
        const string Text = "a(\"{ //\"); // }\nb('{', @\"\\\"); /* { */ c(\"\"\"{ \" \"\"\", \"\", \"\\\"{\");";

        var code = CodeText.Blank(Text);

        Assert.Equal(Text.Length, code.Length);
        Assert.Equal("a();b(,);c(,,);", string.Concat(code.Where(c => !char.IsWhiteSpace(c))));
    }

    [Fact]
    public void Holes_of_interpolated_strings_are_code()
    {
        const string Text = "a($\"x {b(\"}\")} {{y}}\", $$\"\"\"{z} {{c}}\"\"\", d);";

        Assert.Equal("a(b(),c,d);", string.Concat(CodeText.Blank(Text).Where(c => !char.IsWhiteSpace(c))));
    }

    [Fact]
    public void Members_are_measured_from_their_first_line_to_their_last()
    {
        const string Text = """
            namespace N;

            /// <summary>Some type.</summary>
            internal sealed class Outer(int x = 1) : IDisposable
            {
                private readonly int[] fields =
                [
                    1,
                ];

                public int Get() => x switch
                {
                    1 => new Box { A = 1 }.A,
                    _ => 2,
                };

                // A comment above counts for nothing.
                [Fact]
                public void Do<T>(T value)
                    where T : class
                {
                    if (value is { } some)
                    {
                        Use(some);
                    }
                }

                private sealed record Inner(int A);

                internal enum Choice { A, B }
            }
            """;

        var file = new SourceFile("src/Outer.cs", Text);

        Assert.Equal([(6, 9), (11, 15), (18, 26)], file.Members.Select(m => (m.FirstLine, m.LastLine)));
        Assert.Equal(
            [("Outer", "class", false), ("Inner", "record", true), ("Choice", "enum", true)], file.Types.Select(t => (t.Name, t.Kind, t.IsNested)));
        Assert.True(file.Types[0].Has("sealed"));
    }

    [Theory]
    [InlineData("using Federation.Node.Storage;", "Storage")]
    [InlineData("using Row = Federation.Node.Storage.Row;", "Storage")]
    [InlineData("class A { Storage.Row row; }", "Storage")]
    [InlineData("class A { Federation.Node.Storage.Row row; }", "Storage")]
    [InlineData("class A { int x = page.Storage.Row; }", "")]
    [InlineData("class A { int x = Storage.Count; } // Storage.Row", "")]
    [InlineData("using Federation.Node.Ledger;", "")]
    public void Arrows_are_found_in_using_lines_and_in_names(string text, string used)
    {
        var file = new SourceFile("src/Federation.Node/Ledger/A.cs", text);
        var arrows = new FolderArrows([file, new SourceFile("src/Federation.Node/Storage/Row.cs", "internal sealed record Row(int A);")]);

        Assert.Equal(used, string.Join(',', arrows.UsedBy(file)));
    }

    [Fact]
    public void A_proto_element_without_a_comment_is_found()
    {
        const string Text = """
            syntax = "proto3";
            // Has one.
            message A {
              // Has one.
              repeated string names = 1;
              map<string, bytes> bare = 2;
              // Has one.
              oneof choice {
                string other_bare = 3;
              }
            }
            enum Bare {
              // Has one.
              BARE_UNSPECIFIED = 0;
            }
            // Has one.
            service S {
              rpc Bare(A) returns (A);
            }
            """;

        var elements = ProtoElements.Of("a.proto", Text).ToList();

        Assert.Equal(9, elements.Count);
        Assert.Equal([6, 9, 12, 18], elements.Where(e => !e.HasComment).Select(e => e.Line));
    }
}
