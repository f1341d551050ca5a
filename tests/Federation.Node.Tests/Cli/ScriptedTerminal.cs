using Spectre.Console;
using Spectre.Console.Rendering;

namespace Federation.Node.Tests.Cli;

/// <summary>A terminal of 160 columns where somebody presses one key after another; without a key left there is nobody.</summary>
internal sealed class ScriptedTerminal : IAnsiConsole, IAnsiConsoleInput
{
    private readonly IAnsiConsole _screen;
    private readonly Queue<char> _keys;

    public ScriptedTerminal(TextWriter output, string keys)
    {
        _keys = new Queue<char>(keys);
        _screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.Yes,
        });
        _screen.Profile.Width = 160;
    }

    public Profile Profile => _screen.Profile;

    public IAnsiConsoleCursor Cursor => _screen.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => _screen.ExclusivityMode;

    public RenderPipeline Pipeline => _screen.Pipeline;

    public void Clear(bool home) => _screen.Clear(home);

    public void Write(IRenderable renderable) => _screen.Write(renderable);

    public void WriteAnsi(Action<AnsiWriter> action) => _screen.WriteAnsi(action);

    public bool IsKeyAvailable() => _keys.Count > 0;

    public ConsoleKeyInfo? ReadKey(bool intercept)
    {
        if (!_keys.TryDequeue(out var key))
            throw new InvalidOperationException("Nobody presses another key.");
        return new ConsoleKeyInfo(key, key == '\r' ? ConsoleKey.Enter : ConsoleKey.NoName, false, false, false);
    }

    public Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) => Task.FromResult(ReadKey(intercept));
}
