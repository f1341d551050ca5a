using System.CommandLine;

namespace Federation.Cli.Commands;

/// <summary>The option that bounds how much a command lists.</summary>
internal sealed class ListLimit
{
    public const string ThereAreMore = "There are more; --limit 0 lists all.";

    private const int Default = 100;

    private ListLimit(int most) => Most = most;

    public static Option<int> Option { get; } = new("--limit")
    {
        Description = "The most that are listed; 0 means all.",
        HelpName = "N",
        DefaultValueFactory = _ => Default,
    };

    /// <summary>The most that are listed; 0 means all.</summary>
    public int Most { get; }

    public static ListLimit Read(CommandScope scope) =>
        scope.Get(Option) is var most and >= 0 ? new ListLimit(most) : throw CommandFailureException.Usage("--limit takes 0 or more.");

    public bool IsReached(int listed) => Most != 0 && listed >= Most;

    /// <summary>How many to ask for next.</summary>
    public int PageSize(int listed, int largest) => Most == 0 ? largest : Math.Min(Most - listed, largest);
}
