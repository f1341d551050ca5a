using Federation.V1.Node;

namespace Federation.Cli.Output;

/// <summary>Writes records page by page, so that any number of them takes the memory of one page: as tables, or as one JSON array.</summary>
internal sealed class RecordListing(CommandScope scope)
{
    /// <summary>How many were written.</summary>
    public int Count { get; private set; }

    public void Write(IReadOnlyCollection<RecordView> page)
    {
        if (!scope.IsJson)
        {
            scope.Console.Write(RecordTable.Create(page));
            Count += page.Count;
            return;
        }
        foreach (var record in page)
        {
            scope.Output.Write(Count++ == 0 ? "[\n" : ",\n");
            scope.Output.Write(JsonText.Line(record));
        }
    }

    /// <summary>Closes the array.</summary>
    public void End()
    {
        if (scope.IsJson)
            scope.WriteLine(Count == 0 ? "[]" : "\n]");
    }
}
