using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Cli.Commands;

/// <summary><c>federation policy check|apply</c>: what one partner gets.</summary>
internal static class PolicyCommand
{
    private const int MaxPolicyBytes = 64 * 1024;

    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Argument<string> Policy = new("FILE") { Description = "The policy (YAML)." };

    public static Command Create()
    {
        var check = new Command("check", "Compiles a policy and stores nothing.") { Policy };
        check.Runs(CheckAsync);
        var apply = new Command("apply", "Puts a policy in force for one partner. When it returns, nothing that it forbids is handed out any more.")
        {
            Partner, Policy,
        };
        apply.Runs(ApplyAsync);
        return new Command("policy", "Sharing policies.") { check, apply };
    }

    private static async Task<int> CheckAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var (name, text) = await ReadAsync(scope, cancellationToken);
        using var node = scope.Connect();
        var answer = await node.Operator.CheckPolicyAsync(new CheckPolicyRequest { Policy = text, FileName = name }, node.Unary(cancellationToken));
        scope.Write(answer, console => console.Facts(("policy", name), ("rules", answer.Rules), ("class", Hex(answer.ClassHash))));
        return ExitCode.Ok;
    }

    private static async Task<int> ApplyAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var (name, text) = await ReadAsync(scope, cancellationToken);
        var partner = scope.Get(Partner);
        using var node = scope.Connect();
        var request = new ApplyPolicyRequest { Partner = partner, Policy = text, FileName = name };
        var answer = await node.Operator.ApplyPolicyAsync(request, node.Unary(cancellationToken));
        scope.Write(answer, console => console.Facts(
            ("partner", partner),
            ("epoch", answer.Epoch),
            ("in force since", answer.InForceAt),
            ("class", Hex(answer.ClassHash))));
        return ExitCode.Ok;
    }

    private static async Task<(string Name, string Text)> ReadAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var file = scope.Get(Policy);
        if (new FileInfo(file) is { Exists: true, Length: > MaxPolicyBytes })
            throw CommandFailureException.Usage($"{file} is larger than a policy may be, {MaxPolicyBytes} bytes.");
        return (Path.GetFileName(file), await File.ReadAllTextAsync(file, cancellationToken));
    }

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
