using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>An originator that keeps a true ledger in memory, serves it on loopback, and may tamper with each answer and sign anything with its own keys.</summary>
internal sealed class HostileOrigin : ExchangeService.ExchangeServiceBase, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly WebApplication app;

    // Guarded by the gate.
    private readonly List<HostileEntry> entries = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource streams = new();
    private long timeMs = 1_700_000_000_000;
    private uint incarnation = 1;
    private SignedBytes? reset;

    private HostileOrigin(string institute)
    {
        Institute = new TestInstitute(institute);
        app = HostileServer.Of(Institute.Tls, this);
    }

    public TestInstitute Institute { get; }

    public LedgerId Ledger { get; set; } = LedgerId.Parse("00112233445566778899aabbccddeeff");

    /// <summary>Tampers with each batch; null for an honest originator.</summary>
    public Action<HostileBatch>? Tamper { get; set; }

    /// <summary>Tampers with each answer to Hello.</summary>
    public Action<HelloResponse>? TamperHello { get; set; }

    /// <summary>What Hello throws instead of an answer.</summary>
    public RpcException? RefuseHello { get; set; }

    /// <summary>Streams show nothing before there are so many entries.</summary>
    public int HoldStreamsUntil { get; set; }

    /// <summary>The manifests that it gives of other institutes, by id; of none without it.</summary>
    public Dictionary<string, IReadOnlyList<SignedBytes>> Manifests { get; } = [];

    /// <summary>Looks at each receipt while the follower waits for its answer.</summary>
    public Action<Receipt>? OnReceipt { get; set; }

    public static async Task<HostileOrigin> StartAsync(string institute)
    {
        var origin = new HostileOrigin(institute);
        await origin.app.StartAsync(TestContext.Current.CancellationToken);
        origin.Institute.Card.Addresses.Add(new Uri(origin.app.Urls.First()).Authority);
        return origin;
    }

    /// <summary>Appends entries, and sends them in one batch.</summary>
    public void Append(params HostileEntry[] added)
    {
        lock (gate)
        {
            foreach (var entry in added)
                entries.Add(entry with { Leaf = entry.Leaf with { Seq = (ulong)entries.Count } });
            var signal = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            signal.SetResult();
        }
    }

    /// <summary>Ends the incarnation under a reset that the root signs, and begins the next one with these entries.</summary>
    public void BeginAnew(params HostileEntry[] first)
    {
        lock (gate)
        {
            var ended = HeadAt(entries.Count, tip: false);
            var declared = new LedgerReset(Institute.Id, Ledger, incarnation, ended.Size, ended.Root, ++incarnation, timeMs, LedgerResetReason.Other, "because we say so");
            reset = TestInstitute.Sign(Institute.Root, LedgerReset.PaeType, declared.Encode());
            entries.Clear();
        }

        Disconnect();
        Append(first);
    }

    /// <summary>Ends the streams, so that the follower says Hello again.</summary>
    public void Disconnect()
    {
        lock (gate)
        {
            streams.Cancel();
            streams = new CancellationTokenSource();
        }
    }

    public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context)
    {
        if (RefuseHello is { } refusal)
            throw refusal;
        lock (gate)
        {
            if (reset is not null && request.Incarnation != 0 && request.Incarnation < incarnation)
                return Task.FromResult(Retired(reset));
            var held = request.LastHead is { Payload.Length: > 0 } && Head.TryDecode(request.LastHead.Payload.Span, out var last, out _) ? last.Size : 0;
            var response = new HelloResponse
            {
                Contact = Contact.Ok,
                Version = 1,
                LedgerId = ByteString.CopyFrom(Ledger.ToBytes()),
                Incarnation = incarnation,
                ManifestNumber = 1,
                Head = TestInstitute.Sign(Institute.Heads, Head.PaeType, HeadAt(entries.Count, tip: false).Encode()),
            };
            foreach (var hash in ConsistencyProof.Build(held, (ulong)entries.Count, Subtree))
                response.ConsistencyProof.Add(ByteString.CopyFrom(hash.ToBytes()));
            TamperHello?.Invoke(response);
            return Task.FromResult(response);
        }
    }

    public override async Task Follow(FollowRequest request, IServerStreamWriter<FollowResponse> responseStream, ServerCallContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, streams.Token);
        var from = (int)request.FromSize;
        while (!ended.IsCancellationRequested)
        {
            var (batch, next, news) = NextBatch(from);
            if (next < HoldStreamsUntil)
            {
                await Task.WhenAny(news, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended.Token));
                continue;
            }

            Tamper?.Invoke(batch);
            await responseStream.WriteAsync(batch.ToResponse(), ended.Token);
            from = next;
            await Task.WhenAny(news, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended.Token));
        }
    }

    public override Task<GetProofResponse> GetProof(GetProofRequest request, ServerCallContext context)
    {
        lock (gate)
        {
            var response = new GetProofResponse();
            foreach (var hash in ConsistencyProof.Build(request.Consistency.OldSize, request.Consistency.NewSize, Subtree))
                response.Hashes.Add(ByteString.CopyFrom(hash.ToBytes()));
            return Task.FromResult(response);
        }
    }

    public override Task<GetManifestsResponse> GetManifests(GetManifestsRequest request, ServerCallContext context)
    {
        if (!Manifests.TryGetValue(request.Institute, out var manifests))
            throw new RpcException(new Status(StatusCode.NotFound, "no manifests"));
        var response = new GetManifestsResponse();
        response.Manifests.AddRange(manifests);
        return Task.FromResult(response);
    }

    public override Task<AcknowledgeResponse> Acknowledge(AcknowledgeRequest request, ServerCallContext context)
    {
        Assert.True(Receipt.TryDecode(request.Receipt.Payload.Span, out var receipt, out _));
        OnReceipt?.Invoke(receipt);
        return Task.FromResult(new AcknowledgeResponse());
    }

    public async ValueTask DisposeAsync()
    {
        Disconnect();
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }

    private HelloResponse Retired(SignedBytes declared) => new()
    {
        Contact = Contact.Retired,
        Version = 1,
        LedgerId = ByteString.CopyFrom(Ledger.ToBytes()),
        Incarnation = incarnation,
        ManifestNumber = 1,
        LedgerResets = { declared },
    };

    private (HostileBatch Batch, int Next, Task News) NextBatch(int from)
    {
        lock (gate)
        {
            var batch = new HostileBatch(RangeOf(from), entries.GetRange(from, entries.Count - from), HeadAt(entries.Count, tip: true), Institute.Heads);
            return (batch, entries.Count, changed.Task);
        }
    }

    private Head HeadAt(int size, bool tip)
    {
        var live = new LiveSet();
        foreach (var latest in entries.Take(size).GroupBy(e => (e.Leaf.Origin, e.Leaf.Record)).Select(g => g.Last().Leaf).Where(l => l.Operation == LedgerOperation.Disclose))
            live.Add(latest.Record, latest.Hash(Ledger));
        return new Head(Ledger, incarnation, (ulong)size, RangeOf(size).Root(), ++timeMs, tip, 1, tip ? live.Count : 0, tip ? live.Digest() : Digest.Zero);
    }

    private CompactRange RangeOf(int size)
    {
        var range = new CompactRange();
        foreach (var entry in entries.Take(size))
            range.Append(entry.Leaf.Hash(Ledger));
        return range;
    }

    private Digest Subtree(int level, ulong index)
    {
        var range = new CompactRange();
        foreach (var entry in entries.Skip((int)(index << level)).Take(1 << level))
            range.Append(entry.Leaf.Hash(Ledger));
        return range.Root();
    }
}
