using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation policy apply PARTNER FILE</c>: puts a policy in force.</summary>
internal static class PolicyApplyCommand
{
    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Argument<string> File = new("FILE") { Description = "The policy (YAML)." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "apply",
            "Puts a policy in force for one partner. When it returns, nothing that it forbids is handed out any more. A change that concerns "
            + "more than 1 % of the own records, or more than 1,000, has to be confirmed.",
            "federation policy apply jp jp.yaml",
            "federation policy apply jp jp.yaml --yes")
        {
            Partner, File, SharingConfirmation.Yes,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var (partner, file) = (scope.Get(Partner), scope.Get(File));
        var policy = await PolicyFile.ReadAsync(file, cancellationToken);
        using var node = scope.Connect();
        var answer = await SharingConfirmation.RunAsync(
            scope,
            $"federation policy diff {partner} {file}",
            confirmed => ApplyAsync(node, partner, policy, confirmed, cancellationToken),
            () => CountAsync(node, partner, policy, cancellationToken),
            cancellationToken);
        scope.Write(answer, console => console.Facts(
            ("partner", partner),
            ("epoch", answer.Epoch),
            ("in force since", answer.InForceAt),
            ("class", HashText.Of(answer.ClassHash))));
        return ExitCode.Ok;
    }

    private static async Task<ApplyPolicyResponse> ApplyAsync(
        NodeConnection node, string partner, PolicyFile policy, bool confirmed, CancellationToken cancellationToken)
    {
        var request = new ApplyPolicyRequest { Partner = partner, Policy = policy.Text, FileName = policy.Name, Confirmed = confirmed };
        return await node.Operator.ApplyPolicyAsync(request, node.Sweep(cancellationToken));
    }

    private static async Task<List<(string Partner, DisclosureCounts Counts)>> CountAsync(
        NodeConnection node, string partner, PolicyFile policy, CancellationToken cancellationToken)
    {
        var request = new PreviewPolicyRequest { Partner = partner, Policy = policy.Text, FileName = policy.Name, PageSize = 1 };
        var answer = await node.Operator.PreviewPolicyAsync(request, node.Sweep(cancellationToken));
        return [(partner, answer.Counts ?? new DisclosureCounts())];
    }
}
