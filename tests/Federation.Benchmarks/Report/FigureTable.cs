using System.Globalization;

namespace Federation.Benchmarks.Report;

/// <summary>The figures measured so far, printed as a table in Markdown.</summary>
internal sealed class FigureTable
{
    private readonly List<Figure> figures = [];
    private int printed;

    /// <summary>Adds a figure.</summary>
    public void Add(string benchmark, string what, string value, string bar = "") => figures.Add(new Figure(benchmark, what, value, bar));

    /// <summary>Adds a figure with a unit.</summary>
    public void Add(string benchmark, string what, double value, string unit, string bar = "") => Add(benchmark, what, $"{Text(value)} {unit}", bar);

    /// <summary>Adds a remark.</summary>
    public void Note(string benchmark, string text) => Add(benchmark, "note", text);

    /// <summary>Prints what was added since the last time.</summary>
    public void PrintNew(TextWriter output)
    {
        var rows = figures.Skip(printed).ToList();
        printed = figures.Count;
        if (rows.Count == 0)
            return;
        rows.Insert(0, new Figure("", "figure", "measured", "bar"));
        var widths = new[] { rows.Max(r => r.Benchmark.Length), rows.Max(r => r.What.Length), rows.Max(r => r.Value.Length), rows.Max(r => r.Bar.Length) };
        output.WriteLine();
        for (var i = 0; i < rows.Count; i++)
        {
            output.WriteLine($"| {rows[i].Benchmark.PadRight(widths[0])} | {rows[i].What.PadRight(widths[1])} | {rows[i].Value.PadLeft(widths[2])} | {rows[i].Bar.PadRight(widths[3])} |");
            if (i == 0)
                output.WriteLine($"|{new string('-', widths[0] + 2)}|{new string('-', widths[1] + 2)}|{new string('-', widths[2] + 1)}:|{new string('-', widths[3] + 2)}|");
        }
    }

    /// <summary>A number for people: three significant digits, or whole thousands.</summary>
    public static string Text(double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
