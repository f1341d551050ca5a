using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation partner resume PARTNER</c>: lets a halted follower go on.</summary>
internal static class PartnerResumeCommand
{
    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    public static Command Create()
    {
        var command = new Command("resume", "Lets a halted follower go on, after its evidence was looked at.") { Partner };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var partner = scope.Get(Partner);
        await node.Operator.ResumePartnerAsync(new ResumePartnerRequest { Partner = partner }, node.Unary(cancellationToken));
        scope.Write(new { Resumed = partner }, console => console.WriteLines($"The node follows {partner} again. The evidence stays."));
        return ExitCode.Ok;
    }
}
