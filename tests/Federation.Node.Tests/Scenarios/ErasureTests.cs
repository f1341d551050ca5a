using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Federation.Node.Storage;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Node;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>I12: canary values, salts and keys of a record that is erased or withdrawn are looked for in every file of both nodes.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private const string Group = "canary-group-8d21";
    private const string Title = "canary-title-1f7a";
    private const string Value = "canary-value-93c0";
    private const string Label = "canary-label-5b6e";
    private const string Summary = "canary-summary-c4d8";
    private const string Key = "canary-key-e01b";
    private const string OldTitle = "canary-old-title-77aa";
    private const string ExternalId = "canary-external-2f9b";
    private const string PathInSet = "canary-path-6c13.json";
    private const string LossNote = "canary-loss-a80d";

    private static readonly byte[] RawDigest = SHA256.HashData("canary-raw"u8);

    private FaultyPair pair = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TestNode Uk => pair.Origin.Node;

    private TestNode Jp => pair.Follower.Node;

    public async ValueTask InitializeAsync()
    {
        pair = await FaultyPair.StartAsync(TestPolicies.Everything);
        await Uk.SetGroupAsync(Group, "jp");
        // Neighbours, so that the record's pages are not its own.
        await pair.PublishAsync(Enumerable.Range(0, 40).Select(i => Drafts.Flaw($"neighbour {i}")));
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(Uk.Log.UnexpectedErrors);
        Assert.Empty(Jp.Log.UnexpectedErrors);
        await pair.DisposeAsync();
    }

    [Fact]
    public async Task I12_after_the_receipt_for_an_erasure_no_file_of_either_node_holds_a_value_a_salt_or_a_key()
    {
        var groupNames = await GroupNamesAtRestAsync();
        var record = await DiscloseAsync();
        var (home, held) = (await SecretsAsync(pair.Origin.Store, record), await SecretsAsync(pair.Follower.Store, record));
        AssertHolds(Uk, true, Title, Summary, OldTitle, Key, ExternalId, PathInSet);
        AssertHolds(Jp, true, Title);
        AssertHolds(Uk, true, [.. home.Keys, RawDigest]);
        AssertHolds(Jp, true, held.Keys);

        await Uk.EraseAsync(record, 2);
        await WaitForReceiptAsync(record);

        string[] texts = [Title, OldTitle, Value, Label, Summary, Key, ExternalId, PathInSet, LossNote];
        foreach (var node in new[] { Uk, Jp })
        {
            AssertHolds(node, false, texts);
            AssertHolds(node, false, [.. home.Keys, .. home.Salts, .. held.Keys, RawDigest]);
        }

        // The group lives on; that the record was for it does not.
        Assert.Equal(groupNames, CountOf(Uk, Group));
        Assert.Equal(0, CountOf(Jp, Group));
        foreach (var line in Uk.Log.Lines.Concat(Jp.Log.Lines))
            Assert.DoesNotContain(texts, text => line.Text.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task I12_an_erasure_stays_done_over_a_restart_of_both_nodes()
    {
        var record = await DiscloseAsync();
        var home = await SecretsAsync(pair.Origin.Store, record);
        await Uk.EraseAsync(record, 2);
        await WaitForReceiptAsync(record);
        foreach (var node in new[] { Uk, Jp })
        {
            await node.StopAsync();
            await node.StartAsync();
        }

        await pair.SettleAsync("a restart");
        foreach (var node in new[] { Uk, Jp })
        {
            AssertHolds(node, false, Title, OldTitle, Value, Label, Summary, Key);
            AssertHolds(node, false, [.. home.Keys, .. home.Salts]);
        }

        Assert.Null(await Jp.FindAsync("uk", record));
    }

    [Fact]
    public async Task I12_an_erasure_keeps_the_leaves_and_adds_one()
    {
        var record = await DiscloseAsync();
        await pair.SettleAsync("disclosure");
        var before = await OwnLedgerCheck.ReadEntriesAsync(pair.Origin.Store, 1, Token);

        await Uk.EraseAsync(record, 2);
        await WaitForReceiptAsync(record);

        var after = await OwnLedgerCheck.ReadEntriesAsync(pair.Origin.Store, 1, Token);
        Assert.Equal(before, after.Take(before.Count));
        var erase = Assert.Single(after.Skip(before.Count));
        Assert.Equal((byte)LedgerOperation.Erase, erase.Entry.Operation);
        Assert.Equal(RecordId.Parse(record), erase.Name.Id);
        // Both full verifications: of the originator's ledger, and of the follower's copy of it.
        await pair.SettleAsync("erasure");
    }

    [Fact]
    public async Task I12_after_the_receipt_for_a_withdrawal_no_file_of_the_follower_holds_a_value_a_salt_or_a_key()
    {
        var record = await DiscloseAsync();
        var (home, held) = (await SecretsAsync(pair.Origin.Store, record), await SecretsAsync(pair.Follower.Store, record));
        AssertHolds(Jp, true, Title);
        AssertHolds(Jp, true, held.Keys);

        await pair.ApplyAsync(TestPolicies.PracticesOnly);
        await WaitForReceiptAsync(record);

        AssertHolds(Jp, false, Title, OldTitle, Value, Label, Summary, Key, Group);
        AssertHolds(Jp, false, [.. held.Keys, .. home.Salts]);
        AssertHolds(Uk, true, Title, Summary);
        Assert.Equal(Title, (await Uk.FindAsync("uk", record))!.Envelope.Title);
        await pair.SettleAsync("withdrawal");
    }

    [Fact]
    public async Task An_erasure_is_overdue_until_its_receipt_comes()
    {
        var record = await DiscloseAsync();
        await pair.SettleAsync("disclosure");
        await Jp.StopAsync();

        await Uk.EraseAsync(record, 2);
        await Patience.UntilAsync(async () => (await Uk.OverdueAsync()).Count == 1, () => "an overdue erasure");
        var overdue = (await Uk.OverdueAsync())[0];
        Assert.Equal(("jp", "uk", record, DisclosureOperation.Erase), (overdue.Partner, overdue.Origin, overdue.RecordId, overdue.Operation));
        Assert.Equal(1UL, (await Uk.OutboundAsync("jp")).RemovalsUnconfirmed);

        await Jp.StartAsync();
        await WaitForReceiptAsync(record);
        Assert.Equal(0UL, (await Uk.OutboundAsync("jp")).RemovalsUnconfirmed);
    }

    // A record with two revisions and a unique value in each place that a publisher can write to.
    private async Task<string> DiscloseAsync()
    {
        var record = await Uk.PublishAsync(Draft(OldTitle), $"{Key}-1");
        await Jp.WaitForRecordAsync("uk", record);
        var revision = new ReviseRecordRequest { RecordId = record, ExpectedRevision = 1, Record = Draft(Title), IdempotencyKey = $"{Key}-2" };
        await Uk.Records.ReviseRecordAsync(revision);
        await Jp.WaitForRecordAsync("uk", record, r => r.Envelope.Title == Title);
        return record;
    }

    private static RecordDraft Draft(string title)
    {
        var draft = Drafts.Flaw(title, Value);
        draft.Audience.Add($"group:{Group}");
        draft.Labels.Add(Label);
        draft.ChangeSummary = $"{Summary} of {title}";
        draft.Provenance = new ImportProvenance
        {
            Scheme = "avid",
            ExternalId = ExternalId,
            PathInSet = PathInSet,
            RawDigest = ByteString.CopyFrom(RawDigest),
            MappingVersion = 1,
            LossNotes = { LossNote },
        };
        return draft;
    }

    private async Task WaitForReceiptAsync(string record)
    {
        await Jp.WaitForAbsenceAsync("uk", record);
        await Uk.WaitForOutboundAsync("jp", l => l.Receipted == l.Appended && l.LiveRecords < l.Appended);
        await Patience.UntilAsync(async () => (await Uk.OverdueAsync()).Count == 0, () => "no overdue removals");
    }

    // The group's name as often as it occurs while no record is for it: a stopped store has no log that repeats it.
    private async Task<int> GroupNamesAtRestAsync()
    {
        await Uk.StopAsync();
        await Uk.StartAsync();
        return CountOf(Uk, Group);
    }

    private static async Task<(byte[][] Keys, byte[][] Salts)> SecretsAsync(FaultyNodeStore store, string record)
    {
        var stored = Assert.Single(await store.ReadRecordAsync(new RecordName(InstituteId.Parse("uk"), RecordId.Parse(record)), Token));
        if (stored.SaltKey is null)
            return ([stored.DataKey!], []);
        using var secret = new RecordSecret(stored.SaltKey);
        var salts = new List<byte[]>();
        foreach (var part in RecordShape.Decode(stored.Shape).Parts)
        {
            salts.Add(new byte[16]);
            BinaryPrimitives.WriteUInt128BigEndian(salts[^1], secret.Salt(part.Part, part.ChangedMs));
        }

        return ([stored.DataKey!, stored.SaltKey], [.. salts]);
    }

    private static int CountOf(TestNode node, string text) => node.CountInFiles(Encoding.UTF8.GetBytes(text));

    private static void AssertHolds(TestNode node, bool holds, params string[] texts) =>
        Assert.All(texts, text => Assert.True(CountOf(node, text) > 0 == holds, $"{node.Institute} {(holds ? "does not hold" : "still holds")} {text}"));

    private static void AssertHolds(TestNode node, bool holds, byte[][] secrets) =>
        Assert.All(secrets, secret => Assert.True(
            node.CountInFiles(secret) > 0 == holds, $"{node.Institute} {(holds ? "does not hold" : "still holds")} {Convert.ToHexString(secret)}"));
}
