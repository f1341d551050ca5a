using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Heads;

/// <summary>The rules of C2SP tlog-checkpoint.md.</summary>
public class CheckpointTests
{
    private const string Sofa = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    [Fact]
    public void The_text_of_the_specification_is_read_and_written_again()
    {
        Assert.True(Checkpoint.TryParse(Sofa, out var checkpoint, out var error), error);

        Assert.Equal(("example.com/behind-the-sofa", 20852163UL), (checkpoint.Origin, checkpoint.Size));
        Assert.Equal("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62", checkpoint.Root.ToString());
        Assert.Empty(checkpoint.Extensions);
        Assert.Equal(Sofa, checkpoint.ToText());
    }

    [Fact]
    public void The_checkpoint_of_a_head_names_institute_ledger_and_life_R5()
    {
        var head = new Head(new LedgerId(7), 3, 40, Digest.Sha256("root"u8), 1_800_000_000_000, true, 1, 0, Digest.Zero);

        var checkpoint = Checkpoint.Of(InstituteId.Parse("uk"), head);

        Assert.Equal($"federation.example/uk/{head.Ledger}/3", checkpoint.Origin);
        Assert.Equal(["time_ms 1800000000000"], checkpoint.Extensions);
        Assert.True(Checkpoint.TryParse(checkpoint.ToText(), out var read, out var error), error);
        Assert.Equal((checkpoint.Origin, 40UL, head.Root), (read.Origin, read.Size, read.Root));
        Assert.Equal(checkpoint.Extensions, read.Extensions);
    }

    [Fact]
    public void Two_lives_of_a_ledger_are_two_logs()
    {
        var head = new Head(new LedgerId(7), 1, 40, Digest.Sha256("root"u8), 0, true, 1, 0, Digest.Zero);

        Assert.NotEqual(Checkpoint.Of(InstituteId.Parse("uk"), head).Origin, Checkpoint.Of(InstituteId.Parse("uk"), head with { Incarnation = 2 }).Origin);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")]
    [InlineData("log\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n 1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I= \n")]
    [InlineData("log\n1\nAAAA\n")]
    [InlineData("log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nextension\n")]
    [InlineData("log\r\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    public void What_the_format_does_not_allow_is_refused(string text)
    {
        Assert.False(Checkpoint.TryParse(text, out _, out var error));
        Assert.NotEmpty(error);
    }
}
