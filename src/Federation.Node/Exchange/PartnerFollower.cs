using System.Threading.Channels;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>
/// One attempt at following a partner's ledger, from the stored cursor on:
/// (1) read the cursor, (2) say Hello → (3) prove that the present ledger begins with what is held, (4) open the stream →
/// (5) prove each batch, (6) apply what is proven, several batches in one transaction when they wait, (7) request a receipt →.
/// Steps 5 and 6 run beside each other over a bounded queue; flow control holds the partner back when the store is slow.
/// A failed proof throws <see cref="LedgerHaltedException"/>; everything else that throws is tried again by the supervisor.
/// </summary>
internal sealed class PartnerFollower(FollowerNeeds needs, Partner partner)
{
    private const int QueuedBatches = 8;
    private const int EntriesPerCommit = 2048;

    /// <summary>Follows until the stream ends or something fails; returns whether a batch was applied.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var line = needs.Lines.Open(partner);
        try
        {
            return await RunAsync(new ExchangeService.ExchangeServiceClient(line), cancellationToken);
        }
        finally
        {
            needs.Lines.Close(partner, line);
        }
    }

    private async Task<bool> RunAsync(ExchangeService.ExchangeServiceClient client, CancellationToken cancellationToken)
    {
        // 1.
        var row = await ReadCursorAsync(cancellationToken);

        // 2.
        var hello = await client.HelloAsync(HelloOf(row, partner), deadline: Deadline(), cancellationToken: cancellationToken);
        if (hello.Contact == Contact.Retired)
            throw ResetNotice.Read(partner, row, hello);
        row = await CheckLedgerAsync(row, hello, cancellationToken);

        // 3.
        var origins = OriginKeys.Over(needs, partner, client);
        var verifier = new DisclosureVerifier(partner, row, origins.Find);
        verifier.VerifyContact(hello);
        await Announcements.HearAsync(needs.Store, needs.Roster, partner, hello.CommunityDigests, takesForwarded: null, needs.Time, cancellationToken);
        needs.Statuses.Set(partner.Number, FollowerState.Syncing);
        ExchangeLog.Following(needs.Logger, partner.Institute, row.Size);

        // 4.
        var request = new FollowRequest { LedgerId = hello.LedgerId, FromSize = row.Size, MaxBatchEntries = ExchangeLimits.MaxBatchEntries };
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = client.Follow(request, cancellationToken: attempt.Token);
        var receipts = new ReceiptSender(needs.Store, partner, needs.Identity, client, needs.Time, needs.Logger);
        var queue = Channel.CreateBounded<VerifiedBatch>(new BoundedChannelOptions(QueuedBatches) { SingleReader = true, SingleWriter = true });
        var applier = new DisclosureApplier(needs.Store, partner, row, needs.Time, needs.MaxLiveRecords, needs.Logger);
        if (row.Size > row.ReceiptSize)
            receipts.Request(verifier.Position, Digest.Zero, contentRemoved: true);
        var applied = false;
        Task[] work =
        [
            VerifyAllAsync(client, call, verifier, origins, queue.Writer, attempt.Token),
            ApplyAllAsync(queue.Reader, applier, new LiveSetRepair(needs, partner, client, origins), receipts, () => applied = true, attempt.Token),
            receipts.RunAsync(attempt.Token),
        ];
        await EndTogetherAsync(work, attempt, () => applied);
        return applied;
    }

    private async Task<FollowRow> ReadCursorAsync(CancellationToken cancellationToken)
    {
        var snapshot = await needs.Store.ReadNodeAsync(cancellationToken);
        var row = snapshot.Followers.First(f => f.Partner == partner.Number);
        return row.State == FollowState.Halted ? throw new FollowerStoppedException(row.Fault) : row;
    }

    private static HelloRequest HelloOf(FollowRow row, Partner partner)
    {
        var request = new HelloRequest
        {
            LowestVersion = ExchangeLimits.Version,
            HighestVersion = ExchangeLimits.Version,
            MaxMessageBytes = ExchangeLimits.FollowerReceiveBytes,
            TakesForwarded = true,
        };
        request.CommunityDigests.AddRange(partner.OwnLists.Select(digest => ByteString.CopyFrom(digest.ToBytes())));
        if (row.Incarnation == 0)
            return request;
        request.LedgerId = ByteString.CopyFrom(row.Ledger.ToBytes());
        request.Incarnation = row.Incarnation;
        if (row.Head.Length > 0)
            request.LastHead = new SignedBytes { Payload = ByteString.CopyFrom(row.Head), Signature = ByteString.CopyFrom(row.HeadSignature) };
        return request;
    }

    // On first contact the ledger's id is stored before anything is followed; another id later is a halt.
    private async Task<FollowRow> CheckLedgerAsync(FollowRow row, HelloResponse hello, CancellationToken cancellationToken)
    {
        if (hello.LedgerId.Length != LedgerId.SizeBytes || hello.Incarnation == 0 || hello.Version != ExchangeLimits.Version)
            throw new LedgerHaltedException("HELLO_MALFORMED", "the answer to Hello names no ledger, incarnation or version it may", Objects());
        var ledger = LedgerId.Read(hello.LedgerId.Span);
        if (row.Incarnation == 0)
        {
            await needs.Store.SaveFollowAsync(new FollowWrite(partner.Number) { Contact = (ledger, hello.Incarnation) }, cancellationToken);
            return row with { Ledger = ledger, Incarnation = hello.Incarnation };
        }

        return ledger == row.Ledger && hello.Incarnation == row.Incarnation
            ? row
            : throw new LedgerHaltedException("OTHER_LEDGER", $"the partner answers with ledger {ledger}/{hello.Incarnation}", Objects());

        List<Storage.EvidenceObject> Objects() => HaltEvidence.Of(hello, HaltEvidence.HeldBy(row));
    }

    private async Task VerifyAllAsync(
        ExchangeService.ExchangeServiceClient client, AsyncServerStreamingCall<FollowResponse> call, DisclosureVerifier verifier,
        OriginKeys origins, ChannelWriter<VerifiedBatch> queue, CancellationToken cancellationToken)
    {
        var receiver = new RecordReceiver(partner, new ForwardedCheck(needs.Roster, needs.Identity, partner), needs.Entropy);
        Exception? failure = null;
        try
        {
            while (await NextAsync(call, cancellationToken))
            {
                // 5.
                var response = call.ResponseStream.Current;
                var verdict = verifier.Prove(response);
                if (await origins.FetchMissingAsync(verdict, cancellationToken))
                    verdict = verifier.Prove(response);
                var batch = verifier.Take(verdict, response);
                if (verifier.Unproven is { } gap)
                    verifier.VerifyPrefix(await ProofAsync(client, gap.Contact, gap.Shown, cancellationToken));
                needs.Clock.Hear(partner.Number, batch.Position.LastHead!.TimeMs);
                needs.Heads.Hear(partner.Number, batch.Position.LastHead.TimeMs);
                await queue.WriteAsync(receiver.Receive(batch), cancellationToken);
            }
        }
        catch (Exception reason)
        {
            failure = reason;
            throw;
        }
        finally
        {
            // What was proven before a failure is applied before the failure counts.
            queue.TryComplete(failure is LedgerHaltedException or RpcException ? null : failure);
        }
    }

    private async Task<GetProofResponse> ProofAsync(ExchangeService.ExchangeServiceClient client, Head old, Head shown, CancellationToken cancellationToken)
    {
        var query = new ConsistencyQuery { OldSize = old.Size, NewSize = shown.Size };
        var request = new GetProofRequest { LedgerId = ByteString.CopyFrom(shown.Ledger.ToBytes()), Consistency = query };
        return await client.GetProofAsync(request, deadline: Deadline(), cancellationToken: cancellationToken);
    }

    private async Task<bool> NextAsync(AsyncServerStreamingCall<FollowResponse> call, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(ExchangeLimits.SilenceLimit, needs.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return await call.ResponseStream.MoveNext(either.Token);
        }
        catch (RpcException broken) when (broken.StatusCode == StatusCode.Cancelled && silence.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "no head came in time"));
        }
    }

    private async Task ApplyAllAsync(
        ChannelReader<VerifiedBatch> queue, DisclosureApplier applier, LiveSetRepair repair, ReceiptSender receipts, Action applied,
        CancellationToken cancellationToken)
    {
        while (await queue.WaitToReadAsync(cancellationToken))
        {
            var batches = TakeTogether(queue);
            // 6.
            var removed = await applier.ApplyAsync(batches, (tip, held) => repair.AskAsync(tip, held, cancellationToken), cancellationToken);
            // Commit point: what was applied is durable with its cursor, and may be countersigned.
            applied();
            if (applier.DiffersAtTip)
            {
                // Nothing is countersigned before what is held is what the head says.
                if (await repair.RunAsync(batches[^1], cancellationToken) is not { } repaired)
                    continue;
                applier.Adopt(repaired);
                removed = true;
            }

            var head = batches[^1].Position.LastHead!;
            needs.Statuses.Set(partner.Number, head.Tip ? FollowerState.Tailing : FollowerState.Syncing);
            // 7.
            receipts.Request(batches[^1].Position, head.Tip ? applier.LiveDigest() : Digest.Zero, removed);
        }
    }

    // Several batches in one transaction, as long as no record occurs in two of them: an entry is applied over what was stored before.
    private static List<VerifiedBatch> TakeTogether(ChannelReader<VerifiedBatch> queue)
    {
        var taken = new List<VerifiedBatch>();
        var names = new HashSet<RecordId>();
        var entries = 0;
        while (queue.TryPeek(out var next) && (taken.Count == 0 || entries + next.Items.Length <= EntriesPerCommit))
        {
            var own = next.Items.Where(i => i.Entry is not null).Select(i => i.Entry!.Leaf.Record).ToList();
            if (taken.Count > 0 && own.Any(names.Contains))
                break;
            names.UnionWith(own);
            entries += next.Items.Length;
            taken.Add(next);
            queue.TryRead(out _);
            // At the tip the live entries are compared, so that nothing is applied with it that comes after.
            if (next.Position.LastHead!.Tip)
                break;
        }

        return taken;
    }

    // The first failure wins, but proven batches that wait are applied first: their loop ends with the queue.
    private static async Task EndTogetherAsync(Task[] work, CancellationTokenSource attempt, Func<bool> applied)
    {
        var (verify, apply, receipts) = (work[0], work[1], work[2]);
        var first = await Task.WhenAny(work);
        if (first == verify)
            await Task.WhenAny(apply, receipts);
        await attempt.CancelAsync();
        try
        {
            await Task.WhenAll(work);
        }
        catch (Exception) when (work.Any(t => t.IsFaulted))
        {
            // Ending the others makes them fail too: a halt counts first, then what failed first.
            var causes = new[] { first, verify, apply, receipts }.Where(t => t.IsFaulted).Select(t => t.Exception!.InnerExceptions[0]).ToList();
            var cause = causes.FirstOrDefault(c => c is LedgerHaltedException) ?? causes[0];
            throw cause is RpcException && applied() ? new PartnerLostException(cause) : cause;
        }
        catch (OperationCanceledException) when (first.IsCompletedSuccessfully)
        {
            // The stream ended by its age; the other loops were ended here.
        }
    }

    private DateTime Deadline() => needs.Time.GetUtcNow().UtcDateTime + ExchangeLimits.UnaryDeadline;
}
