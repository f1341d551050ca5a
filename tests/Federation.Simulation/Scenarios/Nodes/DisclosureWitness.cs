using Federation.Node.Access;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>
/// Looks at each batch at the moment at which an origin hands it to the transport, and compares what it shows with what is committed
/// at that moment (I4): the record is visible, and each value is one that the partner may see. The guard's last check and the handing
/// over are one stretch without a suspension, so that no batch may be late.
/// </summary>
internal sealed class DisclosureWitness(SimulatedInstitute origin, ReferenceModel model) : Interceptor
{
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (responseStream is not IServerStreamWriter<FollowResponse> stream || context.UserState[Callers.Key] is not PartnerCaller partner)
            return continuation(request, responseStream, context);
        var watched = new WatchedWriter(stream, response => Look(response, partner.Institute.ToString()));
        return continuation(request, (IServerStreamWriter<TResponse>)(object)watched, context);
    }

    private void Look(FollowResponse response, string partner)
    {
        if (response.Items.IsEmpty)
            return;
        if (!BatchFrame.TryRead(response.Items.Memory, int.MaxValue, out var items, out var error))
        {
            origin.Fail($"hands {partner} a batch that can't be read: {error}");
            return;
        }

        foreach (var item in items.Where(item => item.Type == BatchItemType.Entry && item.Leaf.Operation == LedgerOperation.Disclose))
        {
            var name = new RecordName(item.Leaf.Origin, item.Leaf.Record);
            if (model.Visible(origin.Disk, name, partner, origin.NowMs) is not { } allowed)
                origin.Fail($"I4: hands {partner} record {name.Id}, which is hidden from it");
            else if (!Openings.TryDecode(item.Openings, out var openings, out error))
                origin.Fail($"hands {partner} openings that can't be read: {error}");
            else if (openings.Exists(opening => !allowed.Any(value => opening.Value.Span.SequenceEqual(value))))
                origin.Fail($"I4: hands {partner} a part of record {name.Id} that is hidden from it");
        }
    }

    private sealed class WatchedWriter(IServerStreamWriter<FollowResponse> inner, Action<FollowResponse> look) : IServerStreamWriter<FollowResponse>
    {
        public WriteOptions? WriteOptions
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        public Task WriteAsync(FollowResponse message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(FollowResponse message, CancellationToken cancellationToken)
        {
            look(message);
            return inner.WriteAsync(message, cancellationToken);
        }
    }
}
