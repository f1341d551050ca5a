using Federation.Cli.Output;
using Spectre.Console;

namespace Federation.Cli.Publishing;

/// <summary>Counts what a bulk publication did and keeps what it refused. Reports come from two tasks at once.</summary>
internal sealed class PublishSummary
{
    private readonly Lock _lock = new();
    private readonly List<PublishOutcome> _outcomes = [];

    public int New => Count(outcome => outcome.Result is { Unchanged: false, Revision: 1 });

    public int Revised => Count(outcome => outcome.Result is { Unchanged: false, Revision: > 1 });

    public int Unchanged => Count(outcome => outcome.Result is { Unchanged: true });

    public int Refused => Count(outcome => outcome.Result is null);

    public int ExitCode => Refused == 0 ? Cli.ExitCode.Ok : Refused == Total ? Cli.ExitCode.Refused : Cli.ExitCode.PartlyDone;

    private int Total => Count(_ => true);

    public void Add(PublishOutcome outcome)
    {
        lock (_lock)
            _outcomes.Add(outcome);
    }

    /// <summary>Writes the counts and each refusal, and answers the exit code.</summary>
    public int Write(CommandScope scope, string verb)
    {
        if (scope.IsJson)
        {
            scope.Output.WriteLine(JsonText.Of(ToJson(verb)));
            return ExitCode;
        }
        foreach (var outcome in _outcomes.Where(outcome => outcome.Result is null))
        {
            scope.Error.WriteLine(SafeText.Of($"{outcome.Source.Place}: {outcome.Message} ({outcome.Reason})"));
            foreach (var fault in outcome.Faults)
                scope.Error.WriteLine($"  {FailureText.Line(fault)}");
        }
        if (Total == 1 && _outcomes[0].Result is { } only)
            scope.Console.Facts(("record", only.RecordId), ("revision", only.Revision));
        scope.Console.Write(Tables.Create(verb, "revised", "unchanged", "refused").With(New, Revised, Unchanged, Refused));
        return ExitCode;
    }

    private Dictionary<string, object> ToJson(string verb) => new()
    {
        [verb] = New,
        ["revised"] = Revised,
        ["unchanged"] = Unchanged,
        ["refused"] = Refused,
        ["records"] = _outcomes.Select(outcome => new
        {
            outcome.Source.Place,
            outcome.Result?.RecordId,
            outcome.Result?.Revision,
            Unchanged = outcome.Result is { Unchanged: true } ? true : (bool?)null,
            Reason = outcome.Result is null ? outcome.Reason : null,
            Message = outcome.Result is null ? outcome.Message : null,
            BadFields = outcome.Faults.Count > 0 ? outcome.Faults : null,
        }),
    };

    private int Count(Func<PublishOutcome, bool> which)
    {
        lock (_lock)
            return _outcomes.Count(which);
    }
}
