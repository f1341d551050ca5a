using Federation.Cli.Output;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain ä 日本", "plain ä 日本")]
    [InlineData("two\nlines\tand a tab", "two lines and a tab")]
    [InlineData("\u001b[31mred\u001b[0m", "\uFFFD[31mred\uFFFD[0m")]
    [InlineData("\u009b31m", "\uFFFD31m")]
    [InlineData("abc\u202edef", "abc\uFFFDdef")]
    [InlineData(null, "")]
    public void Text_of_others_cannot_command_the_terminal(string? text, string shown) => Assert.Equal(shown, SafeText.Of(text));

    [Fact]
    public void Short_text_says_that_it_was_cut() => Assert.Equal("abc…", SafeText.Short("abcdef", 4));

    [Fact]
    public void Every_marking_is_read_as_it_is_written()
    {
        foreach (var name in MarkingText.All)
        {
            Assert.True(MarkingText.TryParse(name, out var marking), name);
            Assert.Equal(name, MarkingText.Of(marking));
        }
        Assert.True(MarkingText.TryParse("tlp:amber+strict", out var strict));
        Assert.Equal(Marking.AmberStrict, strict);
        Assert.False(MarkingText.TryParse("UNSPECIFIED", out _));
    }

    [Fact]
    public void Every_kind_is_read_as_it_is_written()
    {
        Assert.Equal(13, EnumText<RecordKind>.All.Length);
        foreach (var name in EnumText<RecordKind>.All)
        {
            Assert.True(EnumText<RecordKind>.TryParse(name, out var kind), name);
            Assert.Equal(name, EnumText<RecordKind>.Of(kind));
        }
        Assert.Equal("99", EnumText<RecordKind>.Of((RecordKind)99));
    }
}
