using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Heads;

namespace Federation.Node.Exchange;

/// <summary>
/// The second decision: whether what a ledger says may still be sent at this moment. It judges the record as it is now by the policy as
/// it is now, and sends only if the statement comes out the same.
/// </summary>
internal sealed class SendGuard(Partner partner, LedgerStretch stretch, long nowMs)
{
    private readonly RecordJudge judge = new(stretch.Targets, nowMs);

    /// <summary>Judges one entry; the decision and the record come out if it is sent as a DISCLOSE.</summary>
    public GuardVerdict Check(StretchEntry entry, out JudgedRecord? record, out Decision? decision, out View view)
    {
        record = null;
        decision = null;
        view = default;
        if (entry.Latest.Operation != (byte)LedgerOperation.Disclose)
            return GuardVerdict.Send;
        record = JudgedRecord.From(entry.Record);
        if (record is null || stretch.Epoch != partner.PolicyEpoch || stretch.Membership != partner.Membership || stretch.Community != partner.Community)
            return GuardVerdict.Hold;
        decision = judge.Judge(partner, record);
        if (!decision.Visible)
            return GuardVerdict.Hold;
        view = View.Of(record, decision);
        return view.Hash == entry.Latest.StatementHash && view.Opened == entry.Latest.Opened ? GuardVerdict.Send : GuardVerdict.Hold;
    }
}
