using Federation.V1.Node;
using Grpc.Core;
using Partner = Federation.V1.Node.Partner;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>What tests do with a node, in one line each.</summary>
internal static class NodeSteps
{
    public static async Task<string> PublishAsync(this TestNode node, RecordDraft draft, string key = "") =>
        (await node.Records.PublishRecordAsync(new PublishRecordRequest { Record = draft, IdempotencyKey = key })).Result.RecordId;

    public static async Task<uint> ReviseAsync(this TestNode node, string record, uint expected, RecordDraft draft) =>
        (await node.Records.ReviseRecordAsync(new ReviseRecordRequest { RecordId = record, ExpectedRevision = expected, Record = draft })).Result.Revision;

    public static async Task WithdrawAsync(this TestNode node, string record, uint expected, string reason = "ERROR") =>
        await node.Records.WithdrawRecordAsync(new WithdrawRecordRequest { RecordId = record, ExpectedRevision = expected, ReasonCode = reason });

    public static async Task EraseAsync(this TestNode node, string record, uint expected) =>
        await node.Records.EraseRecordAsync(new EraseRecordRequest { RecordId = record, ExpectedRevision = expected });

    public static async Task ResumeAsync(this TestNode node, string partner) =>
        await node.Operator.ResumePartnerAsync(new ResumePartnerRequest { Partner = partner });

    public static async Task ApplyPolicyAsync(this TestNode node, string partner, string policy) =>
        await node.Operator.ApplyPolicyAsync(new ApplyPolicyRequest { Partner = partner, Policy = policy, FileName = "test.yaml", Confirmed = true });

    /// <summary>Gives a group its members, and answers its epoch.</summary>
    public static async Task<ulong> SetGroupAsync(this TestNode node, string name, params string[] members)
    {
        var request = new SetGroupRequest { Name = name, Confirmed = true };
        request.Members.AddRange(members);
        return (await node.Operator.SetGroupAsync(request)).Epoch;
    }

    /// <summary>The removals that partners have not confirmed.</summary>
    public static async Task<IReadOnlyList<OverdueRemoval>> OverdueAsync(this TestNode node) =>
        (await node.Operator.ListOverdueAsync(new ListOverdueRequest())).Removals;

    /// <summary>A record, or null where GetRecord answers RECORD_NOT_FOUND.</summary>
    public static async Task<RecordView?> FindAsync(this TestNode node, string origin, string record)
    {
        try
        {
            return (await node.Records.GetRecordAsync(new GetRecordRequest { Origin = origin, RecordId = record })).Record;
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    public static async Task<RecordView> WaitForRecordAsync(this TestNode node, string origin, string record, Func<RecordView, bool>? like = null)
    {
        RecordView? found = null;
        await Patience.UntilAsync(
            async () => (found = await node.FindAsync(origin, record)) is not null && like?.Invoke(found) != false,
            () => $"record {record} of {origin} at {node.Institute}; there is {found}; {Tell(node)}");
        return found!;
    }

    public static Task WaitForAbsenceAsync(this TestNode node, string origin, string record) =>
        Patience.UntilAsync(async () => await node.FindAsync(origin, record) is null, () => $"removal of {record} of {origin} at {node.Institute}; {Tell(node)}");

    public static async Task<Partner> PartnerAsync(this TestNode node, string partner)
    {
        var list = await node.Operator.ListPartnersAsync(new ListPartnersRequest());
        return list.Partners.Single(p => p.Institute == partner);
    }

    public static async Task<InboundLedger> InboundAsync(this TestNode node, string partner) => (await node.PartnerAsync(partner)).Inbound;

    public static async Task<OutboundLedger> OutboundAsync(this TestNode node, string partner) => (await node.PartnerAsync(partner)).Outbound;

    public static async Task<InboundLedger> WaitForInboundAsync(this TestNode node, string partner, Func<InboundLedger, bool> like)
    {
        InboundLedger? found = null;
        await Patience.UntilAsync(
            async () => like(found = await node.InboundAsync(partner)), () => $"the ledger of {partner} at {node.Institute} stands at {found}; {Tell(node)}");
        return found!;
    }

    public static Task WaitForStateAsync(this TestNode node, string partner, InboundState state) => node.WaitForInboundAsync(partner, l => l.State == state);

    public static async Task<OutboundLedger> WaitForOutboundAsync(this TestNode node, string partner, Func<OutboundLedger, bool> like)
    {
        OutboundLedger? found = null;
        await Patience.UntilAsync(
            async () => like(found = await node.OutboundAsync(partner)), () => $"the ledger for {partner} at {node.Institute} stands at {found}; {Tell(node)}");
        return found!;
    }

    public static async Task<IReadOnlyList<EvidenceItem>> EvidenceAsync(this TestNode node, string partner) =>
        (await node.Operator.ListEvidenceAsync(new ListEvidenceRequest { Partner = partner })).Items;

    /// <summary>Every record that readers see, by origin and id.</summary>
    public static async Task<SortedDictionary<string, RecordView>> ListAllAsync(this TestNode node, RecordFilter? filter = null)
    {
        var all = new SortedDictionary<string, RecordView>(StringComparer.Ordinal);
        var token = "";
        do
        {
            var page = await node.Records.ListRecordsAsync(new ListRecordsRequest { Filter = filter, PageSize = 1000, PageToken = token });
            foreach (var record in page.Records)
                all[$"{record.Origin}/{record.RecordId}"] = record;
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return all;
    }

    /// <summary>The last lines of a node's log, for what a failed test says.</summary>
    private static string Tell(TestNode node) => string.Join('\n', node.Log.Lines.TakeLast(12).Select(l => $"{l.Level} {l.EventId} {l.Text}"));
}
