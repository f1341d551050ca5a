using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation records holders RECORD</c>: who holds an own record through a partner.</summary>
internal static class RecordsHoldersCommand
{
    private static readonly Argument<string> Record = new("RECORD") { Description = "The id of an own record." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "holders",
            "Asks each partner that got the record to whom it has passed it on. Each says it of itself: nothing proves that it says all.",
            "federation records holders 7f9c0e52-6a0d-4c58-9b1e-2f6f0d1c8a11")
        {
            Record,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var request = new ListRecordHoldersRequest { RecordId = scope.Get(Record) };
        var found = await node.Operator.ListRecordHoldersAsync(request, node.Unary(cancellationToken));
        scope.Write(found, console =>
        {
            var table = Tables.Create("partner", "passed on to", "state", "since");
            foreach (var partner in found.Partners)
            {
                foreach (var holder in partner.Holders)
                    table.With(partner.Partner, holder.Institute, EnumText<RecordHolderState>.Of(holder.State), holder.Since);
                if (partner.Failure.Length > 0)
                    table.With(partner.Partner, "no answer", partner.Failure, "");
                else if (partner.Holders.Count == 0)
                    table.With(partner.Partner, "nobody", "", "");
                if (partner.More)
                    table.With(partner.Partner, "and more", "", "");
            }
            console.Write(table);
        });
        return ExitCode.Ok;
    }
}
