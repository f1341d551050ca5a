using Spectre.Console;

namespace Federation.Cli.Output;

/// <summary>A progress bar for long work, where there is a terminal to show it.</summary>
internal static class ProgressBar
{
    /// <summary>Runs the work; it reports how much of <paramref name="total"/> it has done since the last report.</summary>
    public static async Task RunAsync(CommandScope scope, string title, double total, Func<Action<double>, Task> work)
    {
        if (!scope.IsInteractive)
        {
            await work(_ => { });
            return;
        }
        await scope.Console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(title.EscapeMarkup(), maxValue: Math.Max(total, 1));
                await work(task.Increment);
                task.Value = task.MaxValue;
            });
    }
}
