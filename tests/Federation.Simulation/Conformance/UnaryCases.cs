using Federation.Simulation.Probe.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Simulation.Conformance;

/// <summary>Behaviours of calls with one reply.</summary>
internal static class UnaryCases
{
    public static Task<string> Unary_reply(ConformanceStage stage) => ResultAsync(stage, "echo");

    public static Task<string> Unary_rpc_exception_carries_status_and_trailers(ConformanceStage stage) => ResultAsync(stage, "rpc exception");

    public static Task<string> Unary_plain_exception_tells_nothing(ConformanceStage stage) => ResultAsync(stage, "plain exception");

    public static Task<string> Unary_interceptor_translates_an_exception(ConformanceStage stage) => ResultAsync(stage, "argument exception");

    public static Task<string> Unary_cancelled_exception_is_like_any_other(ConformanceStage stage) => ResultAsync(stage, "cancelled exception");

    public static Task<string> Unary_null_reply(ConformanceStage stage) => ResultAsync(stage, "null");

    public static Task<string> Unary_status_set_beside_a_reply(ConformanceStage stage) => ResultAsync(stage, "status");

    public static Task<string> Unary_headers_and_trailers(ConformanceStage stage) => ResultAsync(stage, "headers");

    public static Task<string> Unary_reply_over_the_size_limit(ConformanceStage stage) => ResultAsync(stage, "large reply");

    public static async Task<string> Unary_headers_can_be_sent_once(ConformanceStage stage) =>
        $"{await ResultAsync(stage, "headers twice")} {await stage.SeenAsync(1)}";

    public static Task<string> Unary_service_that_is_not_bound(ConformanceStage stage) =>
        Outcome.OfAsync(async () => await stage.Absent.CallAsync(new CallRequest()));

    public static async Task<string> Unary_server_that_does_not_listen(ConformanceStage stage)
    {
        var outcome = await Outcome.OfAsync(async () => await stage.Unreachable.CallAsync(new CallRequest()));
        return outcome.Split(' ')[0];
    }

    public static Task<string> Unary_request_headers_and_deadline_reach_the_method(ConformanceStage stage) => Outcome.OfAsync(async () =>
    {
        var headers = new Metadata { { "X-Text", "one" }, { "x-bytes-bin", new byte[] { 0, 255 } } };
        var reply = await stage.Client.ActAsync(new ActRequest { Behaviour = "echo" }, headers, stage.In(TimeSpan.FromMinutes(1)));
        return reply.Seen;
    });

    /// <summary>Only the code counts: the client's timer and the server's race, and the loser's text is lost.</summary>
    public static async Task<string> Unary_deadline_passes(ConformanceStage stage)
    {
        using var call = stage.Client.ActAsync(new ActRequest { Behaviour = "wait" }, deadline: stage.In(TimeSpan.FromSeconds(1)));
        await Outcome.OfAsync(async () => await call.ResponseAsync);
        return $"{call.GetStatus().StatusCode}, server {await stage.SeenAsync(2)}";
    }

    public static async Task<string> Unary_deadline_in_the_past(ConformanceStage stage)
    {
        using var call = stage.Client.ActAsync(new ActRequest { Behaviour = "wait" }, deadline: stage.In(TimeSpan.FromSeconds(-1)));
        return await ResultAsync(call);
    }

    public static Task<string> Unary_deadline_without_a_kind(ConformanceStage stage) => Outcome.OfAsync(async () =>
        await stage.Client.ActAsync(new ActRequest(), deadline: new DateTime(2040, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)));

    public static async Task<string> Unary_token_cancelled_before_the_call(ConformanceStage stage)
    {
        using var call = stage.Client.ActAsync(new ActRequest { Behaviour = "wait" }, cancellationToken: new CancellationToken(canceled: true));
        return await ResultAsync(call);
    }

    public static async Task<string> Unary_token_cancelled_during_the_call(ConformanceStage stage)
    {
        using var source = new CancellationTokenSource();
        using var call = stage.Client.ActAsync(new ActRequest { Behaviour = "wait" }, cancellationToken: source.Token);
        await stage.SeenAsync(1);
        await source.CancelAsync();
        return $"{await ResultAsync(call)}, server {await stage.SeenAsync(2)}";
    }

    public static async Task<string> Unary_call_disposed_before_its_end(ConformanceStage stage)
    {
        var call = stage.Client.ActAsync(new ActRequest { Behaviour = "wait" });
        await stage.SeenAsync(1);
        call.Dispose();
        return $"{await ResultAsync(call)}, server {await stage.SeenAsync(2)}";
    }

    public static async Task<string> Unary_status_and_trailers_before_the_end(ConformanceStage stage)
    {
        using var call = stage.Client.ActAsync(new ActRequest { Behaviour = "wait" });
        await stage.SeenAsync(1);
        return $"{Outcome.OfGetter(call.GetStatus)} {Outcome.OfGetter(call.GetTrailers)}";
    }

    public static Task<string> Unary_message_of_three_megabytes(ConformanceStage stage) => Outcome.OfAsync(async () =>
    {
        var payload = Enumerable.Range(0, 3 * 1024 * 1024).Select(static index => (byte)(index * 7)).ToArray();
        var reply = await stage.Client.ActAsync(new ActRequest { Behaviour = "echo", Payload = ByteString.CopyFrom(payload) });
        return reply.Payload.Span.SequenceEqual(payload);
    });

    public static async Task<string> Unary_request_over_the_size_limit(ConformanceStage stage)
    {
        using var call = stage.Client.ActAsync(new ActRequest { Behaviour = "echo", Payload = ByteString.CopyFrom(new byte[5 * 1024 * 1024]) });
        return await ResultAsync(call);
    }

    private static async Task<string> ResultAsync(ConformanceStage stage, string behaviour)
    {
        using var call = stage.Client.ActAsync(new ActRequest { Behaviour = behaviour, Payload = ByteString.CopyFromUtf8("hello") });
        return await ResultAsync(call);
    }

    private static async Task<string> ResultAsync(AsyncUnaryCall<ActResponse> call)
    {
        var reply = await Outcome.OfAsync(async () => (await call.ResponseAsync).Payload.ToStringUtf8());
        var headers = await Outcome.OfAsync(async () => Outcome.Of(await call.ResponseHeadersAsync));
        return $"reply {reply}, headers {headers}, status {Outcome.OfGetter(call.GetStatus)}, trailers {Outcome.OfGetter(call.GetTrailers)}";
    }
}
