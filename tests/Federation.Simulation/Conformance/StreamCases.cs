using Federation.Simulation.Probe.V1;
using Grpc.Core;

namespace Federation.Simulation.Conformance;

/// <summary>Behaviours of calls with a stream of replies.</summary>
internal static class StreamCases
{
    public static Task<string> Stream_read_to_its_end(ConformanceStage stage) => ReadAllAsync(stage, "count", 50);

    public static Task<string> Stream_without_a_message(ConformanceStage stage) => ReadAllAsync(stage, "count", 0);

    public static Task<string> Stream_that_fails_in_the_middle(ConformanceStage stage) => ReadAllAsync(stage, "fail", 3);

    public static Task<string> Stream_that_fails_before_its_first_message(ConformanceStage stage) => ReadAllAsync(stage, "fail", 0);

    public static Task<string> Stream_interceptor_translates_an_exception(ConformanceStage stage) => ReadAllAsync(stage, "argument exception", 1);

    public static async Task<string> Stream_headers_come_before_the_first_message(ConformanceStage stage)
    {
        using var call = Open(stage, "headers, then wait", 0);
        return Outcome.Of(await call.ResponseHeadersAsync);
    }

    public static async Task<string> Stream_cancelled_by_the_token_of_the_call(ConformanceStage stage)
    {
        using var source = new CancellationTokenSource();
        using var call = Open(stage, "wait", 3, options: new CallOptions(cancellationToken: source.Token));
        var first = await NextAsync(call);
        await stage.SeenAsync(1);
        await source.CancelAsync();
        return $"{first}, {await NextAsync(call)}, {await NextAsync(call)}, {Ending(call)}, server {await stage.SeenAsync(3)}";
    }

    public static async Task<string> Stream_cancelled_while_a_read_waits(ConformanceStage stage)
    {
        using var source = new CancellationTokenSource();
        using var call = Open(stage, "wait", 0, options: new CallOptions(cancellationToken: source.Token));
        await stage.SeenAsync(1);
        var read = NextAsync(call);
        await stage.PauseAsync(50);
        await source.CancelAsync();
        return $"{await read}, {Ending(call)}, server {await stage.SeenAsync(3)}";
    }

    public static async Task<string> Stream_cancelled_by_the_token_of_a_read(ConformanceStage stage)
    {
        using var source = new CancellationTokenSource();
        using var call = Open(stage, "wait", 1);
        var first = await NextAsync(call);
        await stage.SeenAsync(1);
        var read = NextAsync(call, source.Token);
        await source.CancelAsync();
        return $"{first}, {await read}, {Ending(call)}, server {await stage.SeenAsync(3)}";
    }

    public static async Task<string> Stream_read_with_a_token_already_cancelled(ConformanceStage stage)
    {
        using var call = Open(stage, "wait", 1);
        await stage.SeenAsync(1);
        return $"{await NextAsync(call, new CancellationToken(canceled: true))}, {await NextAsync(call)}, {Ending(call)}";
    }

    public static async Task<string> Stream_disposed_in_the_middle(ConformanceStage stage)
    {
        var call = Open(stage, "wait", 3);
        var first = await NextAsync(call);
        await stage.SeenAsync(1);
        call.Dispose();
        return $"{first}, {await NextAsync(call)}, {Ending(call)}, server {await stage.SeenAsync(3)}";
    }

    public static async Task<string> Stream_disposed_while_a_read_waits(ConformanceStage stage)
    {
        var call = Open(stage, "wait", 0);
        await stage.SeenAsync(1);
        var read = NextAsync(call);
        await stage.PauseAsync(50);
        call.Dispose();
        return $"{await read}, {Ending(call)}, server {await stage.SeenAsync(3)}";
    }

    /// <summary>Only the code counts: the client's timer and the server's race, and the loser's text is lost.</summary>
    public static async Task<string> Stream_deadline_passes_in_the_middle(ConformanceStage stage)
    {
        using var call = Open(stage, "wait", 1, options: new CallOptions(deadline: stage.In(TimeSpan.FromSeconds(1))));
        var first = await NextAsync(call);
        var (second, third) = (await NextAsync(call), await NextAsync(call));
        return $"{first}, {second.Split(' ')[0]}, {third.Split(' ')[0]}, {call.GetStatus().StatusCode}, server {await stage.SeenAsync(2)}";
    }

    public static async Task<string> Stream_status_is_known_only_at_its_end(ConformanceStage stage)
    {
        using var call = Open(stage, "count", 2);
        await NextAsync(call);
        await stage.PauseAsync(300);
        return $"{Ending(call)}; {await NextAsync(call)}; {Ending(call)}; {await NextAsync(call)}; {Ending(call)}; {await NextAsync(call)}";
    }

    public static async Task<string> Stream_write_with_the_token_of_a_cancelled_call(ConformanceStage stage)
    {
        var call = Open(stage, "wait, write with its token", 1);
        await stage.SeenAsync(1);
        call.Dispose();
        return await stage.SeenAsync(3);
    }

    public static async Task<string> Stream_write_with_a_token_already_cancelled(ConformanceStage stage)
    {
        using var call = Open(stage, "write with a cancelled token", 1);
        var seen = await stage.SeenAsync(3);
        var (first, second) = (await NextAsync(call), await NextAsync(call));
        return $"{first.Split(' ')[0]}, {second.Split(' ')[0]}, {call.GetStatus().StatusCode}, {Outcome.OfGetter(call.GetTrailers)}, server {seen}";
    }

    public static async Task<string> Stream_with_two_reads_at_once(ConformanceStage stage)
    {
        using var call = Open(stage, "wait", 0);
        await stage.SeenAsync(1);
        var read = NextAsync(call);
        var second = await NextAsync(call);
        return $"{second}, first waits {!read.IsCompleted}";
    }

    public static async Task<string> Stream_writer_waits_for_a_slow_reader(ConformanceStage stage)
    {
        const int Count = 3000;
        using var call = Open(stage, "count", Count, 16 * 1024);
        await NextAsync(call);
        await stage.PauseAsync(500);
        var bounded = stage.Seen.Written < Count / 2;
        var (read, inOrder) = (1, true);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            inOrder &= call.ResponseStream.Current.Number == read++;
        return $"bounded {bounded}, read {read}, in order {inOrder}, {Ending(call)}";
    }

    public static async Task<string> Stream_with_two_writes_at_once(ConformanceStage stage)
    {
        using var call = Open(stage, "overrun", 3000, 16 * 1024);
        await stage.SeenAsync(1);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
        }

        return $"{await stage.SeenAsync(2)}, {Ending(call)}";
    }

    public static async Task<string> Stream_cancelled_while_a_write_waits(ConformanceStage stage)
    {
        using var call = Open(stage, "overrun", 3000, 16 * 1024);
        await stage.SeenAsync(1);
        call.Dispose();
        return await stage.SeenAsync(2);
    }

    public static async Task<string> Stream_write_after_its_end(ConformanceStage stage)
    {
        var all = await ReadAllAsync(stage, "write late", 1);
        stage.Seen.Note("ended");
        return $"{all}, {await stage.SeenAsync(2)}";
    }

    public static async Task<string> Stream_write_of_null(ConformanceStage stage)
    {
        var all = await ReadAllAsync(stage, "write null", 1);
        return $"{all}, {await stage.SeenAsync(1)}";
    }

    public static Task<string> Stream_message_over_the_size_limit(ConformanceStage stage) => ReadAllAsync(stage, "count", 2, 5 * 1024 * 1024);

    private static AsyncServerStreamingCall<ActStreamResponse> Open(
        ConformanceStage stage, string behaviour, int count, int sizeBytes = 10, CallOptions options = default) =>
        stage.Client.ActStream(new ActStreamRequest { Behaviour = behaviour, Count = count, SizeBytes = sizeBytes }, options);

    private static Task<string> NextAsync(AsyncServerStreamingCall<ActStreamResponse> call) => NextAsync(call, CancellationToken.None);

    private static Task<string> NextAsync(AsyncServerStreamingCall<ActStreamResponse> call, CancellationToken cancellationToken) =>
        Outcome.OfAsync(async () => await call.ResponseStream.MoveNext(cancellationToken) ? $"#{call.ResponseStream.Current.Number}" : "end");

    private static string Ending(AsyncServerStreamingCall<ActStreamResponse> call) =>
        $"status {Outcome.OfGetter(call.GetStatus)}, trailers {Outcome.OfGetter(call.GetTrailers)}";

    private static async Task<string> ReadAllAsync(ConformanceStage stage, string behaviour, int count, int sizeBytes = 10)
    {
        using var call = Open(stage, behaviour, count, sizeBytes);
        var headers = await Outcome.OfAsync(async () => Outcome.Of(await call.ResponseHeadersAsync));
        var read = new List<string>();
        for (var next = await NextAsync(call); read.Count <= count; next = await NextAsync(call))
            read.Add(next);
        return $"headers {headers}, {string.Join(' ', read)}, again {await NextAsync(call)}, {Ending(call)}";
    }
}
