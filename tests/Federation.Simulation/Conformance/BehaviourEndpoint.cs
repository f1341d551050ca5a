using Federation.Simulation.Probe.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Simulation.Conformance;

/// <summary>Acts as a request says, and notes what happens to it.</summary>
internal sealed class BehaviourEndpoint(Sightings seen, TimeProvider time) : BehaviourService.BehaviourServiceBase
{
    public override async Task<ActResponse> Act(ActRequest request, ServerCallContext context)
    {
        switch (request.Behaviour)
        {
            case "rpc exception":
                context.ResponseTrailers.Add("x-of-context", "one");
                throw Refusal();
            case "plain exception":
                throw new InvalidOperationException("secret");
            case "argument exception":
                throw new ArgumentException("secret", nameof(request));
            case "cancelled exception":
                throw new OperationCanceledException("secret");
            case "null":
                return null!;
            case "status":
                context.Status = new Status(StatusCode.Aborted, "try later");
                break;
            case "headers":
                await context.WriteResponseHeadersAsync(new Metadata { { "x-early", "one" } });
                context.ResponseTrailers.Add("x-late", "two");
                break;
            case "headers twice":
                await context.WriteResponseHeadersAsync(new Metadata { { "x-early", "one" } });
                await NoteFailureAsync(() => context.WriteResponseHeadersAsync(new Metadata { { "x-early", "two" } }));
                break;
            case "wait":
                seen.Note("started");
                await UntilCancelledAsync(context);
                break;
            case "large reply":
                return new ActResponse { Payload = ByteString.CopyFrom(new byte[5 * 1024 * 1024]) };
            default:
                break;
        }

        return new ActResponse { Payload = request.Payload, Seen = Describe(context) };
    }

    public override async Task ActStream(ActStreamRequest request, IServerStreamWriter<ActStreamResponse> responseStream, ServerCallContext context)
    {
        if (request.Behaviour == "headers, then wait")
            await context.WriteResponseHeadersAsync(new Metadata { { "x-early", "one" } });
        for (var number = 0; number < request.Count && request.Behaviour != "overrun"; number++)
        {
            await responseStream.WriteAsync(Message(request, number));
            seen.CountWrite();
        }

        switch (request.Behaviour)
        {
            case "fail":
                throw Refusal();
            case "argument exception":
                throw new ArgumentException("secret", nameof(request));
            case "wait":
            case "headers, then wait":
                seen.Note("waiting");
                await UntilCancelledAsync(context);
                await NoteFailureAsync(() => responseStream.WriteAsync(Message(request, -1)));
                break;
            case "wait, write with its token":
                seen.Note("waiting");
                await UntilCancelledAsync(context);
                await NoteFailureAsync(() => responseStream.WriteAsync(Message(request, -1), context.CancellationToken));
                break;
            case "write with a cancelled token":
                await NoteFailureAsync(() => responseStream.WriteAsync(Message(request, -1), new CancellationToken(canceled: true)));
                await Task.Delay(TimeSpan.FromMilliseconds(200), time);
                seen.Note($"cancelled {context.CancellationToken.IsCancellationRequested}");
                await NoteFailureAsync(() => responseStream.WriteAsync(Message(request, -2)));
                break;
            case "write null":
                await NoteFailureAsync(() => responseStream.WriteAsync(null!));
                break;
            case "overrun":
                await OverrunAsync(request, responseStream);
                break;
            case "write late":
                _ = WriteLateAsync(request, responseStream);
                break;
            default:
                context.ResponseTrailers.Add("x-late", "two");
                break;
        }
    }

    private static ActStreamResponse Message(ActStreamRequest request, int number) =>
        new() { Number = number, Payload = ByteString.CopyFrom(new byte[request.SizeBytes]) };

    private static RpcException Refusal() => new(
        new Status(StatusCode.FailedPrecondition, "not now: ä"),
        new Metadata { { "x-reason", "one" }, { "x-detail-bin", new byte[] { 1, 0, 255 } } });

    private static string Describe(ServerCallContext context)
    {
        var headers = context.RequestHeaders.Where(static header => header.Key.StartsWith("x-", StringComparison.Ordinal))
            .Select(static header => $"{header.Key}={(header.IsBinary ? Convert.ToHexString(header.ValueBytes) : header.Value)}");
        return $"{context.Method} deadline={context.Deadline != DateTime.MaxValue} {string.Join(' ', headers)}";
    }

    private async Task UntilCancelledAsync(ServerCallContext context)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.CancellationToken.Register(cancelled.SetResult);
        await cancelled.Task;
        seen.Note("cancelled");
    }

    /// <summary>Writes until flow control holds a write back, and then once more. A write that is merely slow is given time.</summary>
    private async Task OverrunAsync(ActStreamRequest request, IServerStreamWriter<ActStreamResponse> responseStream)
    {
        var write = Task.CompletedTask;
        for (var number = 0; number < request.Count && write.IsCompleted; number++)
        {
            await write;
            write = responseStream.WriteAsync(Message(request, number));
            if (!write.IsCompleted)
                await Task.Delay(TimeSpan.FromMilliseconds(200), time);
        }

        await NoteFailureAsync(() => responseStream.WriteAsync(Message(request, -1)));
        try
        {
            await write;
            seen.Note("held write done");
        }
        catch (Exception exception)
        {
            seen.Note($"held write {exception.GetType().Name}");
        }
    }

    private async Task WriteLateAsync(ActStreamRequest request, IServerStreamWriter<ActStreamResponse> responseStream)
    {
        await Task.Yield();
        while (seen.All().Length == 0)
            await Task.Yield();
        await NoteFailureAsync(() => responseStream.WriteAsync(Message(request, -1)));
    }

    private async Task NoteFailureAsync(Func<Task> action)
    {
        try
        {
            await action();
            seen.Note("no failure");
        }
        catch (Exception exception)
        {
            seen.Note(exception is InvalidOperationException ? $"InvalidOperationException: {exception.Message}" : exception.GetType().Name);
        }
    }
}
