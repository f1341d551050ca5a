using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Cli.Commands;

/// <summary>The options by which records are selected: several values of one option are alternatives, and every option that is given has to match.</summary>
internal static class RecordFilterOptions
{
    private static readonly Option<string[]> Kinds = Names("--kind", "Only this kind", EnumText<RecordKind>.All);

    private static readonly Option<string[]> Origins = Names("--origin", "Only records of this institute", []);

    private static readonly Option<string[]> Topics = Names("--topic", "Only records with this topic", []);

    private static readonly Option<string[]> Severities = Names("--severity", "Only incidents of this severity", EnumText<IncidentSeverity>.All);

    private static readonly Option<string[]> FlawSeverities = Names("--flaw-severity", "Only flaws of this severity", EnumText<FlawSeverity>.All);

    private static readonly Option<string[]> States = Names("--state", "Only records in this state", EnumText<RecordState>.All);

    private static readonly Option<string> IssuedFrom = Moment("--issued-from", "Issued at or after this day or moment (UTC).");

    private static readonly Option<string> IssuedBefore = Moment("--issued-before", "Issued before it.");

    private static readonly Option<string> ReceivedFrom = Moment("--received-from", "Taken or received at or after this day or moment (UTC).");

    private static readonly Option<string> ReceivedBefore = Moment("--received-before", "Taken or received before it.");

    public static void AddTo(Command command)
    {
        foreach (var option in new[] { Kinds, Origins, Topics, Severities, FlawSeverities, States })
            command.Options.Add(option);
        foreach (var option in new[] { IssuedFrom, IssuedBefore, ReceivedFrom, ReceivedBefore })
            command.Options.Add(option);
    }

    public static RecordFilter Read(CommandScope scope) => new()
    {
        Kinds = { Values<RecordKind>(scope, Kinds) },
        Origins = { scope.Get(Origins) ?? [] },
        Topics = { scope.Get(Topics) ?? [] },
        IncidentSeverities = { Values<IncidentSeverity>(scope, Severities) },
        FlawSeverities = { Values<FlawSeverity>(scope, FlawSeverities) },
        States = { Values<RecordState>(scope, States) },
        IssuedFrom = Time(scope, IssuedFrom),
        IssuedBefore = Time(scope, IssuedBefore),
        ReceivedFrom = Time(scope, ReceivedFrom),
        ReceivedBefore = Time(scope, ReceivedBefore),
    };

    private static Option<string[]> Names(string name, string description, string[] values)
    {
        var list = values.Length == 0 ? "" : $": {string.Join(", ", values)}";
        var option = new Option<string[]>(name) { Description = $"{description}{list}; may be repeated.", HelpName = name[2..].ToUpperInvariant() };
        if (values.Length > 0)
            option.CompletionSources.Add(values);
        return option;
    }

    private static Option<string> Moment(string name, string description) => new(name) { Description = description, HelpName = "TIME" };

    private static IEnumerable<T> Values<T>(CommandScope scope, Option<string[]> option)
        where T : struct, System.Enum
    {
        foreach (var text in scope.Get(option) ?? [])
        {
            yield return EnumText<T>.TryParse(text, out var value)
                ? value
                : throw CommandFailureException.Usage($"{option.Name} does not know {text}: {string.Join(", ", EnumText<T>.All)}.");
        }
    }

    private static Google.Protobuf.WellKnownTypes.Timestamp? Time(CommandScope scope, Option<string> option)
    {
        if (scope.Get(option) is not { } text)
            return null;
        return TimeText.TryParse(text, out var time)
            ? time
            : throw CommandFailureException.Usage($"{option.Name} takes a day or a moment, such as 2026-01-31 or 2026-01-31T12:00:00Z.");
    }
}
