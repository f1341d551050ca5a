using Federation.Simulation.World;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Asks for tiles, sums and entries again, and for an echo, within what a partner holds and beyond it.</summary>
internal sealed class TreeProbes(NodeLife life, CallInvoker invoker, PartnerLedger ledger)
{
    private readonly ExchangeService.ExchangeServiceClient _client = new(invoker);

    private DateTime Deadline => (life.Time.GetUtcNow() + TimeSpan.FromSeconds(10)).UtcDateTime;

    public Task ProbeAsync(Rng rng, ByteString id) => rng.Below(5) switch
    {
        0 => AskForTileAsync(rng, id),
        1 => AskForSumsAsync(id),
        2 => AskForRangeAsync(rng, id),
        3 => AskForBucketsAsync(rng, id),
        _ => AskForEchoAsync(rng, id),
    };

    private async Task AskForTileAsync(Rng rng, ByteString id)
    {
        var tile = new GetTileRequest { LedgerId = id, Level = (uint)(rng.Chance(0.7) ? 0 : rng.Below(9)), Index = (ulong)(rng.Chance(0.8) ? 0 : rng.Below(3)) };
        await _client.GetTileAsync(tile, deadline: Deadline);
    }

    private async Task AskForSumsAsync(ByteString id) => await _client.GetLiveSumsAsync(new GetLiveSumsRequest { LedgerId = id }, deadline: Deadline);

    private Task AskForRangeAsync(Rng rng, ByteString id)
    {
        var size = ledger.Range.Size + (ulong)(rng.Chance(0.2) ? rng.Below(20) : 0);
        var from = (ulong)rng.Below((int)size + 1);
        return ReadAsync(new GetEntriesRequest { LedgerId = id, Size = size, Range = new EntryRange { FromSeq = from, ToSeq = from + (ulong)rng.Below(40) } });
    }

    private Task AskForBucketsAsync(Rng rng, ByteString id)
    {
        var request = new GetEntriesRequest { LedgerId = id, Size = ledger.Range.Size, Buckets = new LiveBuckets() };
        for (var count = rng.Below(20); count > 0; count--)
            request.Buckets.Buckets.Add((uint)rng.Below(rng.Chance(0.05) ? 70 : 64));
        return ReadAsync(request);
    }

    private async Task ReadAsync(GetEntriesRequest request)
    {
        using var call = _client.GetEntries(request, deadline: Deadline);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
        }
    }

    private async Task AskForEchoAsync(Rng rng, ByteString id)
    {
        using var call = _client.Echo(new EchoRequest { LedgerId = id, FromSeq = (ulong)rng.Below(50) }, deadline: Deadline);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
        }
    }
}
