using System.Globalization;

namespace Federation.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = "usage: Federation.Benchmarks [b1 b2 b4 b5 b6 b8 b9 micro | all] [--records N] [--postgres auto|off] [--quick]";

    private static readonly string[] Known = ["b1", "b2", "b4", "b5", "b6", "b8", "b9", "micro"];

    /// <summary>The benchmarks to run.</summary>
    public required IReadOnlySet<string> Wanted { get; init; }

    /// <summary>The number of records; null means each benchmark's own.</summary>
    public int? Records { get; init; }

    /// <summary>Whether PostgreSQL is run beside the nodes when its binaries are found.</summary>
    public bool Postgres { get; init; } = true;

    /// <summary>Whether small sizes are used: to see that it works, not to be quoted.</summary>
    public bool Quick { get; init; }

    /// <summary>The number of records for a benchmark.</summary>
    public int RecordsOr(int usual) => Records ?? (Quick ? 10_000 : usual);

    /// <summary>Reads the command line; null if it can't be understood.</summary>
    public static BenchmarkOptions? Parse(string[] arguments)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var options = new BenchmarkOptions { Wanted = wanted };
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "all":
                    wanted.UnionWith(Known);
                    break;
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--records" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var records) && records >= 1000:
                    options = options with { Records = records };
                    i++;
                    break;
                case "--postgres" when i + 1 < arguments.Length && arguments[i + 1] is "auto" or "off":
                    options = options with { Postgres = arguments[++i] == "auto" };
                    break;
                case var name when Known.Contains(name):
                    wanted.Add(name);
                    break;
                default:
                    return null;
            }
        }

        if (wanted.Count == 0)
            wanted.UnionWith(Known);
        return options;
    }
}
