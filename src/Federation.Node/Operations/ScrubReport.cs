using System.Text;
using Federation.Node.Storage;

namespace Federation.Node.Operations;

/// <summary>Takes what a check finds: it is logged, kept as evidence, and what must not go on is stopped in the same transaction.</summary>
internal sealed class ScrubReport(INodeStore store, TimeProvider time, ILogger logger, ScrubTask task)
{
    // One fault of a disk spoils many rows; what comes after these says nothing new.
    private const int MostFindings = 20;

    private readonly List<string> findings = [];

    /// <summary>What was found.</summary>
    public IReadOnlyList<string> Findings => findings;

    /// <summary>Whether something else has taken the place of what was checked, so that nothing can be said of it any more.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>Takes a finding, unless what it is about is gone.</summary>
    public async Task AddAsync(string finding, CancellationToken cancellationToken)
    {
        if (findings.Count == MostFindings || !await StandsAsync(cancellationToken))
            return;
        findings.Add(finding);
        NodeLog.ScrubFound(logger, task.Item.Name, finding);
        await store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = task.Partner,
                Fault = task.Fault,
                Detail = $"{task.Item.Name}: {finding}",
                NowMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Objects = [EvidenceObject.Of(EvidenceKind.Finding, Encoding.UTF8.GetBytes($"{task.Item.Name}: {finding}"))],
                DamagesLedger = task.Fault == ScrubTasks.LedgerFault,
                Term = task.Term,
                HaltsFollower = task.Fault == ScrubTasks.FollowedFault,
                Incarnation = task.Incarnation,
            },
            cancellationToken);
    }

    /// <summary>Whether what is checked is still there.</summary>
    public async Task<bool> StandsAsync(CancellationToken cancellationToken)
    {
        GaveUp = GaveUp || !await task.Stands(cancellationToken);
        return !GaveUp;
    }
}
