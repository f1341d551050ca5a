using System.Collections.Concurrent;
using System.Text;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>
/// Stands before every signature under a head (R23): what is about to be signed has to follow from the stored rows by the second path. If it
/// does not, nothing is signed, the ledger is marked damaged with its evidence, and the other ledgers go on.
/// </summary>
internal sealed class LedgerAudits(INodeStore store, TimeProvider time, ILogger<LedgerAudits> logger)
{
    /// <summary>The code of a ledger whose tree can't be read.</summary>
    public const string Unreadable = "LEDGER_UNREADABLE";

    private readonly ConcurrentDictionary<int, LedgerAudit> audits = new();

    /// <summary>Returns if the root follows from what is stored; refuses with LEDGER_FORKED if not.</summary>
    public async Task CheckAsync(LedgerHead head, ulong size, Digest root, CancellationToken cancellationToken)
    {
        var audit = audits.GetOrAdd(head.Partner, _ => new LedgerAudit(store, head.Ledger, head.Incarnation));
        if (!audit.IsOf(head))
            audits[head.Partner] = audit = new LedgerAudit(store, head.Ledger, head.Incarnation);
        try
        {
            await audit.CheckAsync(head, size, root, cancellationToken);
        }
        catch (LedgerDamagedException damage)
        {
            throw await RefuseAsync(head, "SECOND_PATH", damage);
        }
    }

    /// <summary>Returns what is made from the stored tree; refuses with LEDGER_FORKED, and stops the ledger, if that can't be read.</summary>
    public async Task<T> GuardAsync<T>(LedgerHead head, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (LedgerDamagedException damage)
        {
            throw await RefuseAsync(head, Unreadable, damage);
        }
    }

    /// <summary>Does what reads the stored tree; refuses with LEDGER_FORKED, and stops the ledger, if that can't be read.</summary>
    public Task GuardAsync(LedgerHead head, Func<Task> read) => GuardAsync(head, async () =>
    {
        await read();
        return true;
    });

    /// <summary>Keeps what was found, and signs nothing more for this ledger; does nothing if another has taken the place of what was read.</summary>
    public async Task StopAsync(LedgerHead head, string fault, string finding, CancellationToken cancellationToken)
    {
        if ((await store.ReadHeadAsync(head.Partner, cancellationToken))?.Term != head.Term)
            return;
        LedgerLog.Damaged(logger, head.Partner, finding);
        await store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = head.Partner,
                Fault = fault,
                Detail = finding,
                NowMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Objects = [EvidenceObject.Of(EvidenceKind.Finding, Encoding.UTF8.GetBytes(finding))],
                DamagesLedger = true,
                Term = head.Term,
            },
            cancellationToken);
    }

    private async Task<Exception> RefuseAsync(LedgerHead head, string fault, LedgerDamagedException damage)
    {
        await StopAsync(head, fault, damage.Message, CancellationToken.None);
        return FederationError.Exception(FederationReason.LedgerForked, "the ledger is stopped; an operator has to act");
    }
}
