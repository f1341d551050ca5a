using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Operations;

/// <summary>What one pass of the scrub checks: each ledger, each followed ledger, then the content of all records.</summary>
internal sealed class ScrubTasks(INodeStore store, RosterSource roster)
{
    /// <summary>The code of a finding in an own ledger; it is stopped.</summary>
    public const string LedgerFault = "SCRUB_LEDGER";

    /// <summary>The code of a finding in a followed ledger; it is stopped.</summary>
    public const string FollowedFault = "SCRUB_FOLLOWED";

    /// <summary>The code of a finding in a record's content.</summary>
    public const string RecordFault = "SCRUB_RECORD";

    /// <summary>The checks of a pass that begins now.</summary>
    public async Task<IReadOnlyList<ScrubTask>> ListAsync(CancellationToken cancellationToken)
    {
        var node = await store.ReadNodeAsync(cancellationToken);
        var tasks = new List<ScrubTask>();
        foreach (var head in node.Ledgers)
            tasks.Add(Of(head));
        var records = new RecordScrub(store, node.Followers);
        foreach (var row in node.Followers.Where(follower => follower.Incarnation != 0))
            tasks.Add(Of(row, records));
        var content = new ScrubItem { Key = "records", Name = "the content of records", Total = (ulong)node.LastChangedN };
        tasks.Add(new ScrubTask(content, 0, RecordFault, Resumes: false, records.StepAsync, records.FinishAsync, _ => Task.FromResult(true)));
        return tasks;
    }

    private ScrubTask Of(LedgerHead head)
    {
        var scrub = new OwnLedgerScrub(store, head);
        var item = new ScrubItem { Key = $"own/{head.Partner}", Name = $"the ledger for {NameOf(head.Partner)}", Total = head.Size };
        return new ScrubTask(item, head.Partner, LedgerFault, Resumes: true, scrub.StepAsync, scrub.FinishAsync, scrub.StandsAsync) { Term = head.Term };
    }

    private ScrubTask Of(FollowRow row, RecordScrub records)
    {
        var scrub = new FollowedLedgerScrub(store, row, records);
        var item = new ScrubItem { Key = $"followed/{row.Partner}", Name = $"the ledger of {NameOf(row.Partner)}", Total = row.Size };
        return new ScrubTask(item, row.Partner, FollowedFault, Resumes: false, scrub.StepAsync, scrub.FinishAsync, scrub.StandsAsync) { Incarnation = row.Incarnation };
    }

    private string NameOf(int partner) => roster.Current.Find(partner)?.Institute.ToString() ?? $"partner {partner}";
}
