using Federation.Cli.RecordFiles;
using Federation.V1.Node;

namespace Federation.Cli.Publishing;

/// <summary>What became of one record.</summary>
/// <param name="Source">Where it was read.</param>
/// <param name="Result">What was written; null if it was refused.</param>
/// <param name="Reason">Why it was refused; empty if it was not.</param>
/// <param name="Message">A sentence on that.</param>
/// <param name="Faults">The fields to blame.</param>
internal sealed record PublishOutcome(DraftSource Source, WriteResult? Result, string Reason, string Message, IReadOnlyList<FieldFault> Faults)
{
    public static PublishOutcome Of(DraftSource source, PublishRecordsResponse answer)
    {
        if (answer.Failure is not { } failure)
            return new PublishOutcome(source, answer.Result, "", "", []);
        var faults = failure.BadFields.Select(field => new FieldFault(field.Field, field.Description)).ToList();
        return new PublishOutcome(source, null, failure.Reason, failure.Message, faults);
    }
}
