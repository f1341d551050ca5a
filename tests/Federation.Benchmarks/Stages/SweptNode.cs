using Federation.Node.Access;
using Federation.Node.Ledger;
using Federation.Node.Operations;
using Federation.V1.Node;
using Microsoft.Extensions.Logging.Abstractions;
using NodePartner = Federation.Node.Partners.Partner;

namespace Federation.Benchmarks.Stages;

/// <summary>What puts a policy in force, previews it and sweeps, over the store of a node without listeners.</summary>
internal sealed class SweptNode
{
    private static readonly ClientCaller Caller = new("bench", ClientRoles.Operator);

    private readonly StageNode node;
    private readonly PolicyDesk policies;
    private readonly PreviewDesk previews;
    private readonly LedgerAppender appender;
    private readonly JudgedPartners judged;
    private readonly ReconcileRound round;
    private readonly Sweeper sweeper;

    public SweptNode(StageNode node)
    {
        this.node = node;
        var clock = new ReleaseClock(TimeProvider.System);
        clock.Confirm();
        previews = new PreviewDesk(node.Roster, new SharingPreview(node.Store, clock));
        policies = new PolicyDesk(node.Store, node.Roster, node.Identity, previews, clock, TimeProvider.System);
        appender = new LedgerAppender(node.Store, new LedgerAudits(node.Store, TimeProvider.System, NullLogger<LedgerAudits>.Instance), TimeProvider.System, NullLogger.Instance);
        judged = new JudgedPartners(node.Store, node.Roster);
        round = new ReconcileRound(node.Store, node.Roster, judged, appender, node.Identity, clock, NullLogger.Instance);
        sweeper = new Sweeper(node.Store, node.Roster, appender, round, clock, NullLogger.Instance);
    }

    /// <summary>The only partner.</summary>
    public NodePartner Partner => node.Partner;

    /// <summary>Puts a confirmed policy in force; when it returns the roster is replaced, and the send guard judges by it.</summary>
    public Task ApplyAsync(string policy, CancellationToken cancellationToken) =>
        policies.ApplyAsync(Partner, new ApplyPolicyRequest { Policy = policy, Confirmed = true }, Caller, cancellationToken);

    /// <summary>Previews a policy: the counts, and a page of one change.</summary>
    public Task<PreviewPolicyResponse> PreviewAsync(string policy, CancellationToken cancellationToken) =>
        previews.PreviewAsync(Partner, new PreviewPolicyRequest { Policy = policy, PageSize = 1 }, cancellationToken);

    /// <summary>Takes over what is stored, as a discloser does when it starts, and notes that all changes so far are dealt with.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var stored = await node.Store.ReadNodeAsync(cancellationToken);
        appender.Reset(stored);
        judged.Look(stored);
        appender.SavePositionSoon();
        await round.RunAsync(new RoundWork { Recs = [], Progress = new AppendProgress { Position = node.Store.LastChangedN } }, cancellationToken);
    }

    /// <summary>Takes chunks of pending sweeps until none is pending.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var pending = true;
        while (pending)
        {
            var snapshot = await node.Store.ReadNodeAsync(cancellationToken);
            judged.Look(snapshot);
            pending = await sweeper.StepAsync(snapshot, node.Store.LastChangedN, cancellationToken);
        }
    }

    /// <summary>The number of entries in the partner's ledger.</summary>
    public async Task<long> CountEntriesAsync(CancellationToken cancellationToken) =>
        (long)(await node.Store.ReadHeadAsync(Partner.Number, cancellationToken))!.Size;

    /// <summary>The size of the database with nothing left in the log.</summary>
    public async Task<long> MeasureDatabaseAsync(CancellationToken cancellationToken)
    {
        while (!await node.Store.ScrubAsync(cancellationToken))
            await Task.Delay(1, cancellationToken);
        return new FileInfo(node.DatabaseFile).Length;
    }
}
