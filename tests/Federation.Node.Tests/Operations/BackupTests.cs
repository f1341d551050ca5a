using System.Text;
using Federation.Cli;
using Federation.Node.Tests.Cli;
using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Operations;

/// <summary>A backup of a running node: what is in it and what is not, how it is checked, and what is refused.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private const string Canary = "canary-value-40f7";

    private readonly TestDirectory place = new();
    private TestFederation federation = null!;

    private TestNode Uk => federation["uk"];

    public async ValueTask InitializeAsync() => federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);

    public async ValueTask DisposeAsync()
    {
        await federation.DisposeAsync();
        place.Dispose();
    }

    [Fact]
    public async Task A_restored_backup_holds_everything_that_was_acknowledged_before_it()
    {
        var drafts = Enumerable.Range(0, 30).Select(i => Drafts.Flaw($"flaw {i}", $"step {i}")).ToList();
        foreach (var draft in drafts)
            await Uk.PublishAsync(draft);
        await federation.SettleAsync("uk", "jp");
        var before = await Uk.ListAllAsync();
        var sizes = await Uk.OutboundAsync("jp");

        var done = await BackUpAsync("a", "k");
        await Uk.PublishAsync(Drafts.Practice("later"));
        await Uk.StopAsync();
        DestroyData(Uk);
        var restored = await ToolRun.Of("--dir", Uk.Location, "restore", place.Inside("a"), "--keys", place.Inside("k"));

        Assert.Equal((ExitCode.Ok, ""), (restored.ExitCode, restored.Error));
        Assert.Equal(TestDirectory.ModeOf(done.DataFile), TestDirectory.ModeOf(Uk.DatabasePath));
        // The follower is away: it would tell the node that it was restored.
        await federation["jp"].StopAsync();
        await Uk.StartAsync();
        Assert.Equal(before.Select(r => (r.Key, r.Value)), (await Uk.ListAllAsync()).Select(r => (r.Key, r.Value)));
        var now = await Uk.OutboundAsync("jp");
        Assert.Equal((sizes.LedgerId, sizes.Appended, OutboundState.Unconfirmed), (now.LedgerId, now.Appended, now.State));
    }

    [Fact]
    public async Task I12_an_erased_record_is_in_neither_file_of_a_backup_and_keys_are_in_one_only()
    {
        var gone = await Uk.PublishAsync(Drafts.Flaw(Canary, Canary));
        var kept = await Uk.PublishAsync(Drafts.Flaw("kept", "kept-secret"));
        await federation["jp"].WaitForRecordAsync("uk", kept);
        var (goneKeys, keptKeys) = (KeysOf(gone), KeysOf(kept));
        await Uk.EraseAsync(gone, 1);
        await federation["jp"].WaitForAbsenceAsync("uk", gone);

        var done = await BackUpAsync("a", "");

        byte[] data = Read(done.DataFile), keys = Read(done.KeysFile);
        Assert.All([data, keys], file => Assert.Equal(0, file.AsSpan().Count(Encoding.UTF8.GetBytes(Canary))));
        Assert.All(goneKeys, key => Assert.Equal((0, 0), (data.AsSpan().Count(key), keys.AsSpan().Count(key))));
        // The same search finds what is there: the kept record's keys, in the keys alone.
        Assert.All(keptKeys, key => Assert.Equal((0, 1), (data.AsSpan().Count(key), keys.AsSpan().Count(key))));
        foreach (var file in Directory.GetFiles(place.Inside("a")))
            Assert.Equal("600", TestDirectory.ModeOf(file));
        Assert.Equal(
            ["federation.data", "federation.data.json", "federation.keys", "federation.keys.json"],
            Directory.GetFiles(place.Inside("a")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_data_alone_tells_nothing_of_a_content_I12()
    {
        var draft = Drafts.Flaw("canary-title", Canary);
        draft.Envelope.Topics.Add("canary-topic");
        draft.Audience.Add("group:canary-group");
        draft.Labels.Add("canary-label");
        draft.ChangeSummary = "canary-summary";
        draft.Provenance = new ImportProvenance
        {
            Scheme = "avid",
            ExternalId = "canary-external",
            PathInSet = "canary-path",
            RawDigest = ByteString.CopyFrom(new byte[32]),
            MappingVersion = 1,
        };
        await Uk.SetGroupAsync("canary-group", "jp");
        var groupAlone = Read((await BackUpAsync("before", "")).DataFile).AsSpan().Count("canary-group"u8);
        var record = await Uk.PublishAsync(draft, "canary-key");
        await federation["jp"].WaitForRecordAsync("uk", record);

        var done = await BackUpAsync("a", "");

        byte[] data = Read(done.DataFile), keys = Read(done.KeysFile);
        foreach (var text in new[] { "canary-title", "canary-topic", "canary-summary", "canary-external", "canary-path", "canary-key", "canary-label", Canary })
            Assert.True(data.AsSpan().Count(Encoding.UTF8.GetBytes(text)) == 0, $"the data holds {text}");
        // The group is a setting of the node; that the record is for it would be one more.
        Assert.Equal(groupAlone, data.AsSpan().Count("canary-group"u8));
        Assert.All(["canary-title", "canary-topic", "canary-key"], text => Assert.True(keys.AsSpan().Count(Encoding.UTF8.GetBytes(text)) > 0, text));
    }

    [Fact]
    public async Task A_backup_is_checked_without_a_node_and_each_way_of_spoiling_it_is_found()
    {
        await Uk.PublishAsync(Drafts.Flaw("one"));
        var done = await BackUpAsync("a", "");
        await Uk.PublishAsync(Drafts.Flaw("two"));
        var other = await BackUpAsync("b", "");
        await Uk.StopAsync();
        Assert.Equal(ExitCode.Ok, (await ToolRun.Of("backup", "check", place.Inside("a"))).ExitCode);

        foreach (var file in new[] { done.DataFile, done.KeysFile, $"{done.DataFile}.json", $"{done.KeysFile}.json" })
        {
            await AssertFoundAsync(file, bytes => bytes[bytes.Length / 2] ^= 1);
            await AssertFoundAsync(file, bytes => bytes[^1] ^= 1);
            await AssertFoundAsync(file, null);
        }

        // The keys of another backup of the same node, whole in themselves.
        Directory.CreateDirectory(place.Inside("mixed"));
        foreach (var file in new[] { done.DataFile, $"{done.DataFile}.json", other.KeysFile, $"{other.KeysFile}.json" })
            File.Copy(file, Path.Combine(place.Inside("mixed"), Path.GetFileName(file)));
        var mixed = await ToolRun.Of("backup", "check", place.Inside("mixed"));
        Assert.Equal(ExitCode.VerificationFailed, mixed.ExitCode);
        Assert.Contains("of different backups", mixed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await ToolRun.Of("backup", "check", place.Inside("a"))).ExitCode);
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_a_node_that_runs_is_not_restored_over()
    {
        await BackUpAsync("a", "k");

        await Refusals.Assert("ALREADY_EXISTS", () => BackUpAsync("a", ""));
        await Refusals.Assert("ALREADY_EXISTS", () => BackUpAsync("b", "k"));
        await Refusals.Assert("FIELD_INVALID", () => BackUpAsync(new CreateBackupRequest { Directory = "relative" }));
        var over = await ToolRun.Of("--dir", Uk.Location, "restore", place.Inside("a"), "--keys", place.Inside("k"));
        Assert.Equal(ExitCode.Refused, over.ExitCode);
        Assert.Contains("another node is running", over.Error, StringComparison.Ordinal);
        await Uk.StopAsync();
        over = await ToolRun.Of("--dir", Uk.Location, "restore", place.Inside("a"), "--keys", place.Inside("k"));
        Assert.Equal(ExitCode.Refused, over.ExitCode);
        Assert.Contains("nothing is overwritten", over.Error, StringComparison.Ordinal);
        var foreign = federation["jp"];
        await foreign.StopAsync();
        DestroyData(foreign);
        over = await ToolRun.Of("--dir", foreign.Location, "restore", place.Inside("a"), "--keys", place.Inside("k"));
        Assert.Equal(ExitCode.VerificationFailed, over.ExitCode);
        Assert.False(File.Exists(foreign.DatabasePath));
    }

    [Fact]
    public async Task A_backup_that_cannot_be_written_leaves_nothing_and_harms_nothing()
    {
        var file = place.Write("file", "in the way");

        await Refusals.Assert("BACKUP_FAILED", () => BackUpAsync(new CreateBackupRequest { Directory = Path.Combine(file, "below") }));

        var done = await BackUpAsync("a", "");
        Assert.Equal(4, Directory.GetFiles(Path.GetDirectoryName(done.DataFile)!).Length);
        Assert.NotEmpty(await Uk.PublishAsync(Drafts.Flaw("after")));
    }

    private Task<BackupSummary> BackUpAsync(string data, string keys) =>
        BackUpAsync(new CreateBackupRequest { Directory = place.Inside(data), KeysDirectory = keys.Length == 0 ? "" : place.Inside(keys) });

    private async Task<BackupSummary> BackUpAsync(CreateBackupRequest request)
    {
        using var call = Uk.Operator.CreateBackup(request);
        BackupSummary? done = null;
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
            done = answer.Done;
        return done!;
    }

    private async Task AssertFoundAsync(string file, Action<byte[]>? spoil)
    {
        var whole = Read(file);
        var bytes = whole.ToArray();
        spoil?.Invoke(bytes);
        Write(file, spoil is null ? bytes[..^1] : bytes);
        var run = await ToolRun.Of("backup", "check", place.Inside("a"));
        Assert.True(run.ExitCode == ExitCode.VerificationFailed, $"a change of {file} was not found: {run}");
        Write(file, whole);
    }

    private static byte[] Read(string file) => File.ReadAllBytes(file);

    private static void Write(string file, byte[] bytes) => File.WriteAllBytes(file, bytes);

    private byte[][] KeysOf(string record)
    {
        using var database = Uk.OpenDatabase();
        using var row = database.UseOnce("SELECT k.k, k.dek FROM rec_key k JOIN record r ON r.rec = k.rec WHERE r.rid = ?1").Bind(1, RecordId.Parse(record));
        Assert.True(row.Step());
        return [row.Blob(0), row.Blob(1)];
    }

    private static void DestroyData(TestNode node) => Directory.Delete(Path.GetDirectoryName(node.DatabasePath)!, recursive: true);
}
