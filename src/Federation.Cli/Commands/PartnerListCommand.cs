using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation partner list</c>: one line a partner.</summary>
internal static class PartnerListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Lists the partners, one line each.");
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var partners = await PartnerPages.AllAsync(node, cancellationToken);
        scope.Write(new ListPartnersResponse { Partners = { partners } }, console =>
        {
            var table = Tables.Create("partner", "name", "share", "follow", "policy", "outbound", "appended", "receipted", "inbound", "applied");
            foreach (var partner in partners)
            {
                table.With(
                    partner.Institute,
                    partner.DisplayName,
                    partner.Share,
                    partner.Follow,
                    partner.PolicyEpoch == 0 ? "none" : $"epoch {partner.PolicyEpoch}",
                    partner.Outbound is { } outbound ? EnumText<OutboundState>.Of(outbound.State) : "",
                    partner.Outbound?.Appended,
                    partner.Outbound?.Receipted,
                    partner.Inbound is { } inbound ? EnumText<InboundState>.Of(inbound.State) : "",
                    partner.Inbound?.Applied);
            }
            console.Write(table);
        });
        return ExitCode.Ok;
    }
}
