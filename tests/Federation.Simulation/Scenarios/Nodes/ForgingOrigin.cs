using Federation.Node.Access;
using Federation.Protocol.Heads;
using Federation.Simulation.World;
using Federation.V1.Exchange;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>An origin that serves each follower an honest ledger until a moment of its choice, and a forged one after it.</summary>
internal sealed class ForgingOrigin(NodeLife life, IReadOnlyDictionary<string, ForgedLedger> ledgers, TimeSpan turnsAt) : ExchangeService.ExchangeServiceBase
{
    private bool Turned => life.World.Now >= turnsAt;

    public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context)
    {
        var held = request.LastHead is { } last && Head.TryDecode(last.Payload.Span, out var head, out _) ? head.Size : 0;
        return Task.FromResult(LedgerOf(context).Greet(held, Turned));
    }

    public override async Task Follow(FollowRequest request, IServerStreamWriter<FollowResponse> responseStream, ServerCallContext context)
    {
        var ledger = LedgerOf(context);
        if (request.FromSize < ledger.Size)
            await responseStream.WriteAsync(ledger.Honest(request.FromSize), context.CancellationToken);
        while (!Turned)
            await Task.Delay(TimeSpan.FromSeconds(1), life.Time, context.CancellationToken);
        if (ledger.Forgery is Forgery.OtherLedger or Forgery.NoPrefix)
            return;
        await responseStream.WriteAsync(ledger.Forged(), context.CancellationToken);
        await Task.Delay(TimeSpan.FromMinutes(2), life.Time, context.CancellationToken);
    }

    public override Task<AcknowledgeResponse> Acknowledge(AcknowledgeRequest request, ServerCallContext context) => Task.FromResult(new AcknowledgeResponse());

    private ForgedLedger LedgerOf(ServerCallContext context) => ledgers[((PartnerCaller)context.UserState[Callers.Key]).Institute.ToString()];
}
