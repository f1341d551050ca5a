using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Federation.V1.Node;

namespace Federation.Node.Operations;

/// <summary>Shows the records as a fresh node of a partner would receive them: the same judge, the same views, and nothing sent.</summary>
internal sealed class ViewDesk(INodeStore store, RosterSource roster, NodeIdentity identity, ReleaseClock clock)
{
    private const int ChunkSize = 100;

    // A page of records fits a message with room to spare.
    private const int PageBytes = 512 * 1024;

    /// <summary>A page of records.</summary>
    public async Task<ViewAsPartnerResponse> ReadAsync(Partners.Partner partner, ViewAsPartnerRequest request, CancellationToken cancellationToken)
    {
        var limit = Pages.Size(request.PageSize, 100, 20);
        var after = Pages.Record(request.PageToken);
        var viewed = request.Policy.Length == 0
            ? partner
            : partner.With(PolicyTexts.Compile(request.Policy, request.FileName, roster.Current.GroupNames), partner.Recipient);
        var response = new ViewAsPartnerResponse();
        var bytes = 0;
        while (true)
        {
            var found = await SelectAsync(request.RecordId, after, cancellationToken);
            foreach (var record in found)
            {
                if (await ViewAsync(viewed, record.Rec, cancellationToken) is { } view)
                {
                    bytes += view.CalculateSize();
                    if (response.Records.Count > 0 && (response.Records.Count == limit || bytes > PageBytes))
                    {
                        response.NextPageToken = $"{after}";
                        return response;
                    }

                    response.Records.Add(view);
                }

                after = record.Id;
            }

            if (found.Count < ChunkSize)
                return response;
        }
    }

    private async Task<IReadOnlyList<SelectedRecord>> SelectAsync(string recordId, RecordId? after, CancellationToken cancellationToken)
    {
        if (recordId.Length == 0)
        {
            var request = new SelectionRequest { Selection = RecordSelection.Everything, After = after, Limit = ChunkSize };
            return await store.SelectRecordsAsync(request, cancellationToken);
        }

        if (!RecordId.TryParse(recordId, out var id))
            throw FederationError.Exception(FederationReason.FieldInvalid, "record_id: not a lower-case UUID", ("record_id", "not a lower-case UUID"));
        var copies = await store.ReadRecordAsync(new RecordName(identity.Institute, id), cancellationToken);
        return [.. copies.Where(copy => copy.Source == 0 && (after is not { } done || id.CompareTo(done) > 0)).Select(copy => new SelectedRecord(id, copy.Rec))];
    }

    // What is judged and what is opened are read one after the other: a record that was revised in between is judged again.
    private async Task<PartnerView?> ViewAsync(Partners.Partner partner, long rec, CancellationToken cancellationToken)
    {
        while (true)
        {
            var snapshot = await store.ReadReconcileAsync(partner.Number, [rec], cancellationToken);
            if (JudgedRecord.From(snapshot.Candidates[0].Record) is not { } judged)
                return null;
            var decision = new RecordJudge(snapshot.Targets, clock.NowMs).Judge(partner, judged);
            if (!decision.Visible)
                return null;
            var copies = await store.ReadRecordAsync(judged.Stored.Name, cancellationToken);
            var stored = copies.FirstOrDefault(copy => copy.Rec == judged.Stored.Rec);
            if (stored?.Body is not null && stored.ChangedN == judged.Stored.ChangedN)
                return PartnerViews.Show(identity.Institute, judged, decision, stored);
        }
    }
}
