using Federation.Cli;
using Federation.Node.Tests.Cli;
using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Keys;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Recovery;

/// <summary>
/// A ledger of which a stretch came back as hashes alone, because its follower held no more: within it nothing can be proven, and everything
/// that meets it says so or goes around it.
/// </summary>
public sealed class LostStretchTests : IAsyncLifetime
{
    // Both nodes had this many entries in the images "old"; the follower had the other number in "inside".
    private const ulong Old = 1;
    private const ulong Inside = 6;
    private const ulong End = 10;

    private readonly TestDirectory place = new();
    private RestoredPair pair = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    // Entries 2 to 9 come back as the hashes of [2, 4), [4, 8) and [8, 10): they were superseded before the follower got them anew.
    public async ValueTask InitializeAsync()
    {
        pair = await RestoredPair.StartAsync();
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(pair.Origin);
        await RestoredPair.SaveAsync(pair.Follower);
        var flaw = await pair.Origin.PublishAsync(Drafts.Flaw("revised", "0"));
        await ReviseAsync(flaw, 1, 5);
        await RestoredPair.SaveAsync(pair.Follower, "inside");
        await ReviseAsync(flaw, 5, 10);
        await RestoredPair.RestoreAsync(pair.Follower, loseAnchor: false);
        await WaitForAsync(11);
        await RestoredPair.RestoreAsync(pair.Origin, loseAnchor: false);
        await pair.Origin.WaitForOutboundAsync("sg", l => l is { State: OutboundState.Active, RecoveredEntries: > 0 });
        await pair.SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await pair.DisposeAsync();
        place.Dispose();
    }

    [Fact]
    public async Task Row_R2_a_follower_put_back_into_a_lost_stretch_is_told_so_until_the_ledger_begins_anew_R24()
    {
        await RestoredPair.RestoreAsync(pair.Follower, loseAnchor: false, "inside");

        var refused = await pair.Follower.WaitForInboundAsync("uk", l => l.LastFault.Length > 0);

        Assert.Equal(Inside, refused.Applied);
        Assert.Contains("came back as a part of one hash", refused.LastFault, StringComparison.Ordinal);
        Assert.Empty(await pair.Origin.EvidenceAsync("sg"));
        Assert.NotEqual(OutboundState.Forked, (await pair.Origin.OutboundAsync("sg")).State);

        await pair.BeginAnewAsync();
        await RestingNodes.CheckAsync(pair.Origin, pair.Follower, Now);
    }

    [Fact]
    public async Task Proofs_and_entries_within_a_lost_stretch_are_refused_and_those_around_it_are_given()
    {
        using var channel = pair.Follower.ChannelTo(pair.Origin);
        var ledger = await pair.Origin.OutboundAsync("sg");
        var size = ledger.Appended;

        await ProveAsync(new GetProofRequest { Inclusion = new InclusionQuery { Seq = Old, Size = size } });
        await ProveAsync(new GetProofRequest { Consistency = new ConsistencyQuery { OldSize = End, NewSize = size } });
        foreach (var seq in new ulong[] { 2, 5, 9 })
            await Refusals.Assert("PROOF_UNAVAILABLE", () => ProveAsync(new GetProofRequest { Inclusion = new InclusionQuery { Seq = seq, Size = size } }));
        await Refusals.Assert("PROOF_UNAVAILABLE", () => ProveAsync(new GetProofRequest { Consistency = new ConsistencyQuery { OldSize = Inside, NewSize = size } }));
        await Refusals.Assert("PROOF_UNAVAILABLE", () => ReadAsync(new EntryRange { FromSeq = 4, ToSeq = size }));
        // The tree of size 5 ends within what came back as one hash, and all that a proof of its last entry needs lies before that.
        await Refusals.Assert("PROOF_UNAVAILABLE", () => ReadAsync(new EntryRange { FromSeq = 4, ToSeq = 5 }, of: 5));
        Assert.Equal(OutboundState.Active, (await pair.Origin.OutboundAsync("sg")).State);
        Assert.Equal(1, await ReadAsync(new EntryRange { FromSeq = size - 1, ToSeq = size }));
        await Refusals.Assert("PROOF_UNAVAILABLE", async () => await FollowAsync(Inside));

        async Task ProveAsync(GetProofRequest request)
        {
            request.LedgerId = ledger.LedgerId;
            Assert.NotEmpty((await channel.Exchange.GetProofAsync(request, cancellationToken: Now)).Hashes);
        }

        async Task<int> ReadAsync(EntryRange range, ulong? of = null)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.1), Now);
            using var call = channel.Exchange.GetEntries(new GetEntriesRequest { LedgerId = ledger.LedgerId, Size = of ?? size, Range = range }, cancellationToken: Now);
            var paths = 0;
            while (await call.ResponseStream.MoveNext(Now))
                paths += call.ResponseStream.Current.Paths.Count;
            return paths;
        }

        async Task FollowAsync(ulong from)
        {
            using var call = channel.Exchange.Follow(new FollowRequest { LedgerId = ledger.LedgerId, FromSize = from }, cancellationToken: Now);
            await call.ResponseStream.MoveNext(Now);
        }
    }

    [Fact]
    public async Task Evidence_and_reconciliation_go_around_a_lost_stretch()
    {
        var file = place.Inside("bundle.fed");
        Assert.Equal(ExitCode.Ok, (await ToolRun.Of("--dir", pair.Origin.Location, "evidence", "export", "sg", "-o", file)).ExitCode);
        var verified = await ToolRun.Of("verify", file, "--root", $"{RootFingerprint.Of(pair.Origin.Key("root").ExportSubjectPublicKeyInfo())}");
        Assert.True(verified.ExitCode == ExitCode.Ok, verified.Output + verified.Error);
        Assert.Contains("receipt", verified.Output, StringComparison.OrdinalIgnoreCase);
        var reconciled = await ToolRun.Of("--dir", pair.Origin.Location, "reconcile", "sg");
        Assert.True(reconciled.ExitCode == ExitCode.Ok, reconciled.Output + reconciled.Error);
    }

    // One entry for each revision: each has arrived before the next one is written.
    private async Task ReviseAsync(string flaw, uint from, uint to)
    {
        for (var revision = from; revision < to; revision++)
        {
            await WaitForAsync(Old + revision);
            await pair.Origin.ReviseAsync(flaw, revision, Drafts.Flaw("revised", $"{revision}"));
        }

        await WaitForAsync(Old + to);
    }

    private Task<InboundLedger> WaitForAsync(ulong size) => pair.Follower.WaitForInboundAsync("uk", l => l.Applied >= size && l.State == InboundState.Tailing);
}
