using System.CommandLine;
using System.Globalization;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary><c>federation clock</c>: whether the node's clock may end embargoes.</summary>
internal static class ClockCommand
{
    public static Command Create()
    {
        var confirm = new CommandWithExamples(
            "confirm",
            "Says that the node's clock is right, so that it ends embargoes although fewer than two partners vouch for it. It holds until the "
            + "node's process ends; look at the clock first.",
            "federation clock confirm");
        confirm.Runs(ConfirmAsync);
        var clock = new CommandWithExamples(
            "clock",
            "Shows whether the node's clock is trusted to end embargoes, and what partners' clocks say.",
            "federation clock",
            "federation clock confirm")
        {
            confirm,
        };
        clock.Runs(ShowAsync);
        return clock;
    }

    private static async Task<int> ShowAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        await WriteAsync(scope, node, cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task<int> ConfirmAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        await node.Operator.ConfirmClockAsync(new ConfirmClockRequest(), node.Unary(cancellationToken));
        await WriteAsync(scope, node, cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task WriteAsync(CommandScope scope, NodeConnection node, CancellationToken cancellationToken)
    {
        var clock = await node.Operator.GetClockAsync(new GetClockRequest(), node.Unary(cancellationToken));
        scope.Write(clock, console => Show(console, clock));
    }

    private static void Show(IAnsiConsole console, GetClockResponse clock)
    {
        console.Facts(
            ("the node's clock", clock.Wall),
            ("embargoes ended up to", clock.ReleasedTo),
            ("trusted", clock.Trusted),
            ("why", clock.Reason));
        if (clock.Witnesses.Count == 0)
            return;
        var table = Tables.Create("partner", "its clock", "heard of it");
        foreach (var witness in clock.Witnesses)
            table.With(witness.Partner, Ahead(witness.AheadMs), $"{DurationText.OfMilliseconds(witness.AgeMs)} ago");
        console.Write(table);
    }

    private static string Ahead(long milliseconds)
    {
        var seconds = Math.Abs(milliseconds / 1000.0).ToString("0.0", CultureInfo.InvariantCulture);
        return milliseconds < 0 ? $"{seconds} s behind" : $"{seconds} s ahead";
    }
}
