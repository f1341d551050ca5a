using System.Text.Json;
using Federation.Cli;
using Federation.Protocol.Keys;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly LedgerFileBuilder _builder = new();
    private readonly TestDirectory _directory = new();

    public void Dispose()
    {
        _builder.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Verifying_a_file_needs_no_node()
    {
        var run = await ToolRun.Of("verify", WriteFile(), "--root", RootFingerprint.Format(_builder.OriginRoot));

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Contains("uk disclosed to jp", run.Output, StringComparison.Ordinal);
        Assert.Contains(RootFingerprint.Format(_builder.OriginRoot), run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_output_is_one_object()
    {
        var run = await ToolRun.Of("verify", WriteFile(), "--root", _builder.OriginRoot.ToString(), "--output", "json");

        using var json = JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.GetProperty("verified").GetBoolean());
        Assert.Equal(2, json.RootElement.GetProperty("entries").GetInt32());
        Assert.Equal(2, json.RootElement.GetProperty("receipt").GetProperty("entries").GetInt32());
    }

    [Fact]
    public async Task A_file_that_does_not_verify_ends_with_4()
    {
        var run = await ToolRun.Of("verify", WriteFile(), "--root", new string('0', 64), "--output", "json");

        Assert.Equal(ExitCode.VerificationFailed, run.ExitCode);
        using var json = JsonDocument.Parse(run.Error);
        Assert.Equal("VERIFICATION_FAILED", json.RootElement.GetProperty("error").GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("--root", "xyz")]
    [InlineData("--root", "00")]
    public async Task A_fingerprint_that_is_none_is_wrong_usage(params string[] options)
    {
        var run = await ToolRun.Of(["verify", WriteFile(), .. options]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_wrong_usage()
    {
        var run = await ToolRun.Of("verify", _directory.Inside("nothing"), "--root", new string('0', 64));

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("nothing", run.Error, StringComparison.Ordinal);
    }

    private string WriteFile()
    {
        _builder.Disclose(1, "first").Disclose(2, "second").Sign().Receipt();
        var file = _directory.Inside("uk-to-jp.ledger");
        File.WriteAllBytes(file, _builder.ToArray());
        return file;
    }
}
