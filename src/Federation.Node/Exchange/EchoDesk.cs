using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>
/// Gives a followed ledger back to the institute that keeps it, and to nobody else: every item is one that it sent, under the head that it
/// signed. So each follower is the off-site copy of what was disclosed to it.
/// </summary>
internal sealed class EchoDesk(StreamNeeds needs)
{
    /// <summary>Sends what is held from a sequence number on, then the last head.</summary>
    public async Task SendAsync(Partner partner, EchoRequest request, IServerStreamWriter<EchoResponse> writer, CancellationToken cancellationToken)
    {
        var row = await FindAsync(partner, request.LedgerId, cancellationToken);
        var session = needs.Sessions.Of(partner.Number);
        if (!session.TryBeginEcho())
            throw FederationError.Exception(FederationReason.RateLimited, "one echo at a time");
        try
        {
            for (var seq = request.FromSeq; seq < row.Size;)
            {
                var wanted = (int)Math.Min(ExchangeLimits.EchoEntries, row.Size - seq);
                var stretch = await needs.Store.ReadInboundAsync(partner.Number, seq, wanted, cancellationToken);
                // What is not there any more, or belongs to another ledger by now, ends the echo early: the caller sees that it is cut.
                if (stretch.Items.Count == 0 || stretch.Row.Ledger != row.Ledger)
                    return;
                await SendStretchAsync(stretch, writer, cancellationToken);
                seq = stretch.Items[^1].End;
            }

            var end = new EchoResponse { FirstSeq = row.Size };
            if (row.Head.Length > 0)
                end.Head = new SignedBytes { Payload = ByteString.CopyFrom(row.Head), Signature = ByteString.CopyFrom(row.HeadSignature) };
            await writer.WriteInTimeAsync(end, needs.Time, cancellationToken);
        }
        finally
        {
            session.EndEcho();
        }
    }

    // No ledger, and another's ledger, are one answer.
    private async Task<FollowRow> FindAsync(Partner partner, ByteString ledgerId, CancellationToken cancellationToken)
    {
        var row = (await needs.Store.ReadNodeAsync(cancellationToken)).Followers.FirstOrDefault(follower => follower.Partner == partner.Number);
        return row is { Incarnation: > 0 } && ledgerId.Span.SequenceEqual(row.Ledger.ToBytes())
            ? row
            : throw FederationError.Exception(FederationReason.LedgerNotFound, "there is no such ledger");
    }

    private async Task SendStretchAsync(InboundStretch stretch, IServerStreamWriter<EchoResponse> writer, CancellationToken cancellationToken)
    {
        var frame = new BatchWriter();
        var first = stretch.Items[0].Seq;
        foreach (var item in stretch.Items)
        {
            Add(frame, stretch, item);
            if (frame.SizeBytes < ExchangeLimits.FlushBytes)
                continue;
            await writer.WriteInTimeAsync(new EchoResponse { FirstSeq = first, Items = ByteString.CopyFrom(frame.ToArray()) }, needs.Time, cancellationToken);
            frame.Clear();
            first = item.End;
        }

        if (frame.Count > 0)
            await writer.WriteInTimeAsync(new EchoResponse { FirstSeq = first, Items = ByteString.CopyFrom(frame.ToArray()) }, needs.Time, cancellationToken);
    }

    private static void Add(BatchWriter frame, InboundStretch stretch, HeldItem item)
    {
        if (item.Leaf is not { } leaf)
        {
            frame.AddOpaque(item.Level, item.Hash);
            return;
        }

        if (leaf.Operation != LedgerOperation.Disclose || !stretch.Records.TryGetValue(item.Seq, out var held) || held.Record.Body is null)
        {
            frame.AddEntry(leaf);
            return;
        }

        var record = held.Record;
        var parts = RecordShape.Decode(record.Shape).Parts.Select(p => new StatementPart(p.Part, p.ChangedMs, p.Commitment)).ToArray();
        var statement = Statement.Encode(record.Name.Origin, record.Name.Id, (ushort)record.Kind, (ushort)record.Schema, parts);
        var (openings, _) = BodyBox.Open(record.DataKey, record.Name, record.Version, record.Body);
        frame.AddEntry(leaf, statement, held.Signature, openings.Span);
    }
}
