using Federation.Protocol.Records;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>A partner that asks for what it should not get: other ledgers, wrong sizes, false receipts, bad arguments. Every rpc is called.</summary>
internal sealed class PartnerProbes(
    NodeLife life, CallInvoker invoker, Institute self, PartnerLedger ledger, ArrivalSlots slots, IReadOnlyList<byte[]> strangeIds)
{
    private readonly TreeProbes _tree = new(life, invoker, ledger);
    private readonly ExchangeService.ExchangeServiceClient _client = new(invoker);
    private readonly RecordsService.RecordsServiceClient _records = new(invoker);

    private DateTime Deadline => (life.Time.GetUtcNow() + TimeSpan.FromSeconds(10)).UtcDateTime;

    public async Task RunAsync(IReadOnlyList<(TimeSpan At, ulong Draw)> probes)
    {
        foreach (var (at, draw) in probes)
        {
            if (at > life.World.Now)
                await Task.Delay(at - life.World.Now, life.Time);
            if (slots.NextProbe - life.World.Now is { Ticks: > 0 } wait)
                await Task.Delay(wait, life.Time);
            try
            {
                await ProbeAsync(new Rng(draw));
            }
            catch (RpcException)
            {
                // The refusal is what is compared.
            }
        }
    }

    private Task ProbeAsync(Rng rng) => rng.Below(9) switch
    {
        0 or 1 => HelloAsync(rng),
        2 => FollowAsync(rng),
        3 => AcknowledgeAsync(rng),
        4 => ProveAsync(rng),
        5 => AskAsync(rng),
        _ => _tree.ProbeAsync(rng, rng.Chance(0.2) ? Strange(rng) : ledger.Id),
    };

    private async Task HelloAsync(Rng rng)
    {
        var hello = PartnerSessions.NewHello(ledger);
        switch (rng.Below(6))
        {
            case 0:
                hello.LowestVersion = hello.HighestVersion = (uint)rng.Below(9) + 2;
                break;
            case 1:
                hello.LedgerId = Strange(rng);
                break;
            case 2:
                hello.LastHead = new SignedBytes { Payload = Bytes(rng, 113), Signature = Bytes(rng, 81) };
                break;
            case 3:
                hello.Incarnation = 7;
                break;
            case 4:
                hello = new HelloRequest();
                break;
        }

        await _client.HelloAsync(hello, deadline: Deadline);
    }

    private async Task FollowAsync(Rng rng)
    {
        var request = new FollowRequest { LedgerId = ledger.Id, FromSize = ledger.Range.Size };
        switch (rng.Below(3))
        {
            case 0:
                request.LedgerId = Strange(rng);
                break;
            case 1:
                request.FromSize = ledger.Range.Size + 1000 + (ulong)rng.Below(1000);
                break;
            default:
                request.MaxBatchEntries = 257 + (uint)rng.Below(1000);
                break;
        }

        using var call = _client.Follow(request, deadline: Deadline);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            life.World.Fail($"{self.Name} gets a batch in answer to a request that is wrong");
    }

    private async Task AcknowledgeAsync(Rng rng)
    {
        var size = ledger.Range.Size;
        var receipt = ledger.Id.Length != 16 ? new SignedBytes { Payload = Bytes(rng, 100) } : rng.Below(4) switch
        {
            0 => new SignedBytes { Payload = Bytes(rng, rng.Below(120)), Signature = Bytes(rng, 81) },
            1 => PartnerSessions.NewReceipt(self, ledger, size + 1 + (ulong)rng.Below(30), Digest.Zero),
            2 => PartnerSessions.NewReceipt(self, ledger, size, Digest.Sha256(Bytes(rng, 8).Span)),
            _ => PartnerSessions.NewReceipt(self, ledger, size, ledger.Range.Root()),
        };
        await _client.AcknowledgeAsync(new AcknowledgeRequest { Receipt = receipt }, deadline: Deadline);
    }

    private async Task ProveAsync(Rng rng)
    {
        var size = ledger.Range.Size + (rng.Chance(0.3) ? (ulong)rng.Below(20) : 0);
        var some = (ulong)rng.Below((int)size + 1);
        var request = new GetProofRequest { LedgerId = rng.Chance(0.2) ? Strange(rng) : ledger.Id };
        switch (rng.Below(3))
        {
            case 0:
                request.Inclusion = new InclusionQuery { Seq = some, Size = size };
                break;
            case 1:
                request.Consistency = new ConsistencyQuery { OldSize = some, NewSize = size };
                break;
        }

        await _client.GetProofAsync(request, deadline: Deadline);
    }

    private async Task AskAsync(Rng rng)
    {
        var names = (string[])[PairedScenario.Origin, PairedScenario.Observed, "quebec-inst", "absent-inst", "", "No Such Institute"];
        var record = new RecordId(new UInt128(rng.Next(), rng.Next())).ToString();
        switch (rng.Below(4))
        {
            case 0:
                await _client.GetManifestsAsync(new GetManifestsRequest { Institute = rng.Pick(names), FromNumber = (uint)rng.Below(4) }, deadline: Deadline);
                break;
            case 1:
                await _client.ListOnwardHoldersAsync(
                    new ListOnwardHoldersRequest { RecordId = rng.Pick((string[])["", record, "?"]), PageSize = rng.Below(3) - 1 }, deadline: Deadline);
                break;
            case 2:
                var evidence = new V1.Exchange.SubmitEvidenceRequest { Institute = rng.Pick(names) };
                evidence.Objects.Add(new EvidenceObject { Kind = EvidenceKind.PresentedHead, Content = Bytes(rng, 200) });
                evidence.Objects.Add(new EvidenceObject { Kind = EvidenceKind.PresentedHead, Content = Bytes(rng, 200) });
                await _client.SubmitEvidenceAsync(evidence, deadline: Deadline);
                break;
            default:
                await _records.GetRecordAsync(new GetRecordRequest { RecordId = record }, deadline: Deadline);
                break;
        }
    }

    /// <summary>An id that is another partner's ledger in one of the worlds, or nobody's, or no id at all.</summary>
    private ByteString Strange(Rng rng) => rng.Below(3) switch
    {
        0 => Bytes(rng, rng.Below(40)),
        1 when strangeIds.Count > 0 => ByteString.CopyFrom(rng.Pick(strangeIds)),
        _ => Bytes(rng, 16),
    };

    private static ByteString Bytes(Rng rng, int count) => ByteString.CopyFrom(new DeterministicBytes(rng.Fork(9)).Take(count));
}
