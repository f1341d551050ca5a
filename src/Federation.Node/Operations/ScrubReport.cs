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

    /// <summary>Takes a finding.</summary>
    public async Task AddAsync(string finding, CancellationToken cancellationToken)
    {
        if (findings.Count == MostFindings)
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
                HaltsFollower = task.Fault == ScrubTasks.FollowedFault,
            },
            cancellationToken);
    }
}
