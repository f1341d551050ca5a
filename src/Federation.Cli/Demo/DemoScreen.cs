using Federation.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Federation.Cli.Demo;

/// <summary>Shows the demo's steps and keeps what was checked.</summary>
internal sealed class DemoScreen(CommandScope scope)
{
    private readonly List<string> _checks = [];

    /// <summary>What was checked and held, in order.</summary>
    public IReadOnlyList<string> Checks => _checks;

    /// <summary>The step that is under way.</summary>
    public string Step { get; private set; } = "";

    public void Begin(string step)
    {
        Step = step;
        scope.Console.WriteLine();
        scope.Console.Write(new Rule($"[bold]{step.EscapeMarkup()}[/]") { Justification = Justify.Left });
    }

    public void Show(IRenderable renderable) => scope.Console.Write(renderable);

    public void Say(string sentence) => scope.Console.WriteLines(sentence);

    /// <summary>Says that something was checked and holds.</summary>
    public void Passed(string sentence)
    {
        _checks.Add(sentence);
        scope.Console.MarkupLine($"[green]checked[/]  {SafeText.Of(sentence).EscapeMarkup()}");
    }

    /// <summary>Ends the demo because something that is shown does not hold.</summary>
    public CommandFailureException Failed(string sentence) => CommandFailureException.Unverified($"{Step}: {sentence}");

    /// <summary>Requires something that is shown to hold.</summary>
    public void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw Failed(otherwise);
    }

    /// <summary>Runs work that redraws a picture while it goes on, where there is a terminal.</summary>
    public async Task LiveAsync(Func<Action<IRenderable>, Task> work)
    {
        if (!scope.IsInteractive)
        {
            await work(_ => { });
            return;
        }
        await scope.Console.Live(new Text("")).StartAsync(live => work(picture =>
        {
            live.UpdateTarget(picture);
            live.Refresh();
        }));
    }
}
