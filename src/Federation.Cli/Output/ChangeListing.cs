using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Cli.Output;

/// <summary>Writes what would change for one partner page by page, so that any number of changes takes the memory of one page.</summary>
internal sealed class ChangeListing(CommandScope scope, string partner, DisclosureCounts? counts)
{
    /// <summary>How many were written.</summary>
    public int Count { get; private set; }

    /// <summary>Writes one page: its changes as a table, or the whole answer as a line of JSON.</summary>
    public void Write(IMessage answer, IReadOnlyCollection<DisclosureChange> changes)
    {
        if (scope.IsJson)
        {
            scope.WriteLine(JsonText.Line(partner, answer));
        }
        else if (changes.Count > 0)
        {
            if (Count == 0)
                scope.Console.WriteLines("", $"Changes for {partner}:");
            scope.Console.Write(DisclosureTables.Changes(changes));
        }
        Count += changes.Count;
    }

    /// <summary>Says how many there are beyond the limit.</summary>
    public void End()
    {
        var total = counts is null ? 0 : DisclosureTables.Total(counts);
        if (total > (ulong)Count)
            scope.Say($"{total - (ulong)Count} more for {partner}; --limit 0 lists all.");
    }
}
