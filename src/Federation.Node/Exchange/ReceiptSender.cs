using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>
/// Countersigns what is durable, at most once a second. After content was removed a receipt waits until the values are out of the
/// write-ahead log too, because it also confirms the withdrawal.
/// </summary>
internal sealed class ReceiptSender(
    INodeStore store, Partner partner, NodeIdentity identity, ExchangeService.ExchangeServiceClient client, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ScrubRetry = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();

    // Guarded by the gate: the latest applied state that has no receipt yet.
    private (VerifiedPosition Position, Digest LiveDigest, bool Removed)? pending;
    private TaskCompletionSource signal = NewSignal();

    /// <summary>A receipt for what is stored; whoever asks has made sure that removed content is gone.</summary>
    public static SignedBytes Sign(NodeIdentity identity, FollowRow row, long nowMs)
    {
        if (!Head.TryDecode(row.Head, out var head, out var error))
            throw new StoreFaultException($"the stored head can't be read: {error}");
        var digest = head.Tip ? LiveSet.Decode(row.LiveCount, row.Buckets).Digest() : Digest.Zero;
        var payload = new Receipt(row.Ledger, row.Incarnation, row.Size, head.Root, nowMs, digest).Encode();
        return new SignedBytes
        {
            Payload = UnsafeByteOperations.UnsafeWrap(payload),
            Signature = UnsafeByteOperations.UnsafeWrap(identity.ReceiptKey.Sign(Receipt.PaeType, payload)),
        };
    }

    /// <summary>Asks for a receipt over an applied state.</summary>
    public void Request(VerifiedPosition position, Digest liveDigest, bool contentRemoved)
    {
        lock (gate)
        {
            pending = (position, liveDigest, contentRemoved || pending is { Removed: true });
            signal.TrySetResult();
        }
    }

    /// <summary>Sends receipts until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await signal.Task.WaitAsync(cancellationToken);
            var (position, liveDigest, removed) = Take();
            while (removed && !await store.ScrubAsync(cancellationToken))
                await Task.Delay(ScrubRetry, time, cancellationToken);
            await SendAsync(position, liveDigest, cancellationToken);
            await Task.Delay(ExchangeLimits.ReceiptEvery, time, cancellationToken);
        }
    }

    private (VerifiedPosition, Digest, bool) Take()
    {
        lock (gate)
        {
            var taken = pending!.Value;
            pending = null;
            signal = NewSignal();
            return taken;
        }
    }

    private async Task SendAsync(VerifiedPosition position, Digest liveDigest, CancellationToken cancellationToken)
    {
        var receipt = new Receipt(
            position.Ledger, position.Incarnation, position.Size, position.Range.Root(), time.GetUtcNow().ToUnixTimeMilliseconds(), liveDigest);
        var payload = receipt.Encode();
        var request = new AcknowledgeRequest
        {
            Receipt = new SignedBytes
            {
                Payload = UnsafeByteOperations.UnsafeWrap(payload),
                Signature = UnsafeByteOperations.UnsafeWrap(identity.ReceiptKey.Sign(Receipt.PaeType, payload)),
            },
        };
        try
        {
            await client.AcknowledgeAsync(request, deadline: time.GetUtcNow().UtcDateTime + ExchangeLimits.UnaryDeadline, cancellationToken: cancellationToken);
        }
        catch (RpcException refusal) when (refusal.StatusCode is StatusCode.ResourceExhausted or StatusCode.DeadlineExceeded)
        {
            // The next receipt covers this one.
            ExchangeLog.ReceiptRefused(logger, partner.Institute, refusal.Status.Detail);
            Request(position, liveDigest, contentRemoved: false);
            return;
        }

        await store.SaveFollowAsync(new FollowWrite(partner.Number) { ReceiptSize = position.Size }, cancellationToken);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
