using Federation.Node.Access;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Federation.Node.Records;

/// <summary>Answers reads of own and received records: one, pages, and the stream of changes.</summary>
internal sealed class RecordReader(INodeStore store, InstituteId institute)
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1000;
    private const int WatchPageSize = 256;

    /// <summary>One record. What is absent, removed, in quarantine or a hidden draft is one answer.</summary>
    public async Task<RecordView> GetAsync(GetRecordRequest request, ClientCaller caller, CancellationToken cancellationToken)
    {
        var origin = institute;
        if ((request.Origin.Length > 0 && !InstituteId.TryParse(request.Origin, out origin)) || !RecordId.TryParse(request.RecordId, out var id))
            throw NotFound(request.RecordId);
        var copies = await store.ReadRecordAsync(new RecordName(origin, id), cancellationToken);
        var publisher = caller.Roles.HasFlag(ClientRoles.Publisher);
        // A copy that came from the origin decides, a tombstone too: what a partner passed on is shown only where nothing came directly.
        var direct = copies.Any(c => c.Via is null && c.Status != RecordStatus.Awaited);
        var record = copies.FirstOrDefault(c => (c.Via is null || !direct) && (c.Status == RecordStatus.Live || (publisher && c.Status == RecordStatus.Draft)))
            ?? throw NotFound(request.RecordId);
        var view = RecordViews.Show(record, publisher);
        if (view.Handling is { } handling)
        {
            foreach (var note in await store.ReadHistoryAsync(record.Rec, cancellationToken))
            {
                handling.History.Add(new RevisionEntry
                {
                    Revision = (uint)note.Revision,
                    Author = note.Author,
                    At = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(note.AtMs)),
                    Summary = note.Summary,
                });
            }
        }

        return view;
    }

    /// <summary>One page of records in the order of change.</summary>
    public async Task<ListRecordsResponse> ListAsync(ListRecordsRequest request, ClientCaller caller, CancellationToken cancellationToken)
    {
        if (request.PageSize is < 0 or > MaxPageSize)
            throw FederationError.Exception(FederationReason.FieldInvalid, "page_size: 0 to 1000", ("page_size", "0 to 1000"));
        var publisher = caller.Roles.HasFlag(ClientRoles.Publisher);
        var after = RecordFilters.FromToken(request.PageToken, request.Filter, "page_token");
        var limit = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        var page = await store.QueryRecordsAsync(RecordFilters.ToQuery(request.Filter, after, limit, publisher, withRemoved: false), cancellationToken);
        var response = new ListRecordsResponse { NextPageToken = page.Exhausted ? "" : RecordFilters.ToToken(page.ScannedTo, request.Filter) };
        response.Records.AddRange(page.Records.Select(r => RecordViews.Show(r, publisher)));
        return response;
    }

    /// <summary>Streams changes until the caller goes.</summary>
    public async Task WatchAsync(
        WatchRecordsRequest request, ClientCaller caller, IServerStreamWriter<WatchRecordsResponse> stream, CancellationToken cancellationToken)
    {
        var publisher = caller.Roles.HasFlag(ClientRoles.Publisher);
        var position = RecordFilters.FromToken(request.Cursor, request.Filter, "cursor");
        var query = RecordFilters.ToQuery(request.Filter, position, WatchPageSize, publisher, withRemoved: true);
        while (true)
        {
            var page = await store.QueryRecordsAsync(query with { AfterChangedN = position }, cancellationToken);
            foreach (var record in page.Records)
            {
                var gone = record.Status is RecordStatus.Removed or RecordStatus.Erased or RecordStatus.Quarantined;
                await stream.WriteAsync(
                    new WatchRecordsResponse
                    {
                        Cursor = RecordFilters.ToToken(record.ChangedN, request.Filter),
                        Event = gone ? RecordEvent.Removed : RecordEvent.Changed,
                        Record = gone ? RecordViews.ShowRemoved(record) : RecordViews.Show(record, publisher),
                    },
                    cancellationToken);
            }

            position = page.ScannedTo;
            if (!page.Exhausted)
                continue;
            await stream.WriteAsync(
                new WatchRecordsResponse { Cursor = RecordFilters.ToToken(position, request.Filter), Event = RecordEvent.UpToDate }, cancellationToken);
            await store.WaitForChangeAsync(position, cancellationToken);
        }
    }

    private static RpcException NotFound(string id) => FederationError.Exception(FederationReason.RecordNotFound, $"there is no record {id}");
}
