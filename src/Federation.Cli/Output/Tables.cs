using Spectre.Console;

namespace Federation.Cli.Output;

/// <summary>Tables in the tool's one look. Cells are text, never markup.</summary>
internal static class Tables
{
    public static Table Create(params string[] headers)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var header in headers)
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Bold))));
        return table;
    }

    public static Table With(this Table table, params object?[] cells)
    {
        table.AddRow(cells.Select(cell => new Text(SafeText.Of(Format(cell)))));
        return table;
    }

    /// <summary>Two columns without a border: names and values. What has no value is left out.</summary>
    public static void Facts(this IAnsiConsole console, params (string Name, object? Value)[] facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in facts)
        {
            if (SafeText.Of(Format(value)) is { Length: > 0 } text)
                grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(text));
        }
        console.Write(grid);
    }

    private static string Format(object? cell) => cell switch
    {
        null => "",
        bool yes => yes ? "yes" : "no",
        Google.Protobuf.WellKnownTypes.Timestamp time => TimeText.Of(time),
        IEnumerable<string> several => string.Join(", ", several),
        _ => Convert.ToString(cell, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };
}
