using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Simulation.Scenarios.Nodes;
using Federation.V1.Exchange;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Scenarios.Restores;

/// <summary>Forgets what a restore must not make forgotten: each lapse has to be noticed, or the checks are worth nothing.</summary>
internal static class PlantedAmnesia
{
    /// <summary>What the partner alone still knows does not stand against the older version that this node has.</summary>
    public static INodeStore WhatStands(INodeStore store) => new RecklessStore(store);

    /// <summary>A node does not believe partners that hold more of a ledger than it has itself.</summary>
    public static Interceptor WhoIsAhead(SimulatedInstitute institute) => new ProudOrigin(institute);

    private sealed class RecklessStore(INodeStore inner) : StoreDecorator(inner)
    {
        public override Task<RecoveryOutcome?> RecoverLedgerAsync(LedgerRecovery recovery, CancellationToken cancellationToken) =>
            base.RecoverLedgerAsync(recovery with { Latest = [.. recovery.Latest.Select(record => record with { Stands = false })] }, cancellationToken);
    }

    private sealed class ProudOrigin(SimulatedInstitute institute) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            if (request is HelloRequest { LastHead: { } held } hello && Head.TryDecode(held.Payload.Span, out var head, out _)
                && head.Size > institute.Disk.SignedSizeOf(head.Ledger))
            {
                hello.LastHead = null;
            }

            return continuation(request, context);
        }
    }
}
