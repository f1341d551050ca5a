using Federation.Node.Exchange;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.V1.Node;

namespace Federation.Node.Operations;

/// <summary>Lists what partners have not confirmed: withdrawals and erasures one by one, and the ledgers whose receipts are overdue.</summary>
internal sealed class OverdueDesk(INodeStore store, RosterSource roster, LedgerSessions sessions, TimeProvider time)
{
    private const ulong MostSeconds = 100UL * 366 * 24 * 60 * 60;

    /// <summary>A page of removals, by partner and ledger order; the token names both. The first page also has the ledgers.</summary>
    public async Task<ListOverdueResponse> ListAsync(ListOverdueRequest request, Partners.Partner? only, CancellationToken cancellationToken)
    {
        var limit = Pages.Size(request.PageSize, 1000, 100);
        var (fromPartner, fromSeq) = ReadToken(request.PageToken);
        if (request.OlderThanSeconds > MostSeconds)
            throw FederationError.Exception(FederationReason.FieldInvalid, "older_than_seconds: at most 100 years", ("older_than_seconds", "at most 100 years"));
        var untilMs = time.GetUtcNow().ToUnixTimeMilliseconds() - (long)request.OlderThanSeconds * 1000;
        var response = new ListOverdueResponse();
        if (request.PageToken.Length == 0)
            await AddReceiptsAsync(response, only, untilMs, cancellationToken);
        foreach (var partner in roster.Current.Partners.Where(p => p.Number >= fromPartner && (only is null || p.Number == only.Number)))
        {
            var from = partner.Number == fromPartner ? fromSeq : 0;
            var removals = await store.ReadRemovalsAsync(partner.Number, from, untilMs, limit + 1 - response.Removals.Count, cancellationToken);
            foreach (var removal in removals)
            {
                if (response.Removals.Count == limit)
                {
                    response.NextPageToken = $"{removal.Partner}.{removal.Entry.Seq}";
                    return response;
                }

                response.Removals.Add(Show(partner, removal));
            }
        }

        return response;
    }

    private async Task AddReceiptsAsync(ListOverdueResponse response, Partners.Partner? only, long untilMs, CancellationToken cancellationToken)
    {
        var ledgers = (await store.ReadNodeAsync(cancellationToken)).Ledgers;
        foreach (var ledger in ledgers.Where(l => l.OldestUnreceiptedMs <= untilMs).OrderBy(l => l.OldestUnreceiptedMs).ThenBy(l => l.Partner))
        {
            if (roster.Current.Find(ledger.Partner) is not { Share: true } partner || (only is not null && only.Number != partner.Number))
                continue;
            response.Receipts.Add(new OverdueReceipt
            {
                Partner = partner.Institute.ToString(),
                Appended = ledger.Size,
                Signed = ledger.SignedSize,
                Delivered = sessions.Of(ledger.Partner).Delivered,
                Receipted = ledger.ReceiptSize,
                OldestAt = Times.Of(ledger.OldestUnreceiptedMs!.Value),
                LastReceiptAt = Times.OfOptional(ledger.ReceiptMs),
            });
        }
    }

    private static OverdueRemoval Show(Partners.Partner partner, PendingRemoval removal) => new()
    {
        Partner = partner.Institute.ToString(),
        Operation = (DisclosureOperation)removal.Entry.Operation,
        Origin = removal.Name.Origin.ToString(),
        RecordId = removal.Name.Id.ToString(),
        Seq = removal.Entry.Seq,
        AppendedAt = Times.Of(removal.AppendedMs),
        LastReceiptAt = Times.OfOptional(removal.LastReceiptMs),
    };

    private static (int Partner, ulong Seq) ReadToken(string token)
    {
        if (token.Length == 0)
            return (0, 0);
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && int.TryParse(token.AsSpan(0, dot), out var partner) && long.TryParse(token.AsSpan(dot + 1), out var seq) && partner >= 0 && seq >= 0
            ? (partner, (ulong)seq)
            : throw FederationError.Exception(FederationReason.FieldInvalid, "page_token: not a token", ("page_token", "not a token"));
    }
}
