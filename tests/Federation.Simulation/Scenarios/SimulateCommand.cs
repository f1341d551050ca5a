using System.Globalization;
using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios;

/// <summary><c>simulate --scenario NAME --seeds FROM-TO [--trace FILE] [--twice] [--keep-going]</c></summary>
internal sealed class SimulateCommand
{
    private string _scenario = "";
    private ulong _from = 1;
    private ulong _to = 1;
    private string? _traceFile;
    private bool _twice;
    private bool _keepGoing;

    /// <summary>Prints <c>seed hash events</c> for each seed; 0 when all are good, 1 on a failure, 2 on a wrong argument.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var command = new SimulateCommand();
        if (command.Parse(arguments) && ScenarioCatalog.Find(command._scenario) is { } create)
            return command.RunAll(create);
        Console.Error.WriteLine("simulate --scenario NAME --seeds FROM-TO [--trace FILE] [--twice] [--keep-going]");
        Console.Error.WriteLine($"scenarios: {string.Join(' ', ScenarioCatalog.Names)}");
        return 2;
    }

    private bool Parse(ReadOnlySpan<string> arguments)
    {
        for (var index = 0; index < arguments.Length; index++)
        {
            var value = index + 1 < arguments.Length ? arguments[index + 1] : "";
            switch (arguments[index])
            {
                case "--scenario":
                    _scenario = value;
                    index++;
                    break;
                case "--seeds":
                    if (!ParseSeeds(value))
                        return false;
                    index++;
                    break;
                case "--trace":
                    _traceFile = value;
                    index++;
                    break;
                case "--twice":
                    _twice = true;
                    break;
                case "--keep-going":
                    _keepGoing = true;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private bool ParseSeeds(string text)
    {
        var parts = text.Split('-');
        return parts.Length is 1 or 2
            && ulong.TryParse(parts[0], CultureInfo.InvariantCulture, out _from)
            && ulong.TryParse(parts[^1], CultureInfo.InvariantCulture, out _to)
            && _from <= _to;
    }

    private int RunAll(Func<Scenario> create)
    {
        var runner = new Runner(create);
        using var trace = _traceFile is null ? null : new StreamWriter(_traceFile);
        var failed = false;
        for (var seed = _from; seed <= _to && (_keepGoing || !failed) && !PoolTap.TimerFired; seed++)
        {
            var outcome = runner.Run(seed, trace);
            Console.WriteLine(outcome);
            var failure = outcome.Failure;
            if (failure is null && _twice && runner.Run(seed, null) is var second && second != outcome)
                failure = $"the second run differs: {second} {second.Failure}";
            if (failure is null)
                continue;
            failed = true;
            Console.Error.WriteLine($"FAILED seed {seed}: {failure}");
            Console.Error.WriteLine($"again: simulate --scenario {_scenario} --seeds {seed}-{seed} --trace FILE");
        }

        return failed ? 1 : 0;
    }
}
