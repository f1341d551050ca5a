using System.CommandLine;

namespace Federation.Cli.Commands;

/// <summary><c>federation partner …</c>: the institutes that the node shares with and follows.</summary>
internal static class PartnerCommand
{
    public static Command Create() => new("partner", "Partners: their cards, states and positions.")
    {
        PartnerCardCommand.Create(),
        PartnerAddCommand.Create(),
        PartnerListCommand.Create(),
        PartnerStatusCommand.Create(),
        PartnerOverdueCommand.Create(),
        PartnerResumeCommand.Create(), PartnerAcceptResetCommand.Create(),
    };
}
