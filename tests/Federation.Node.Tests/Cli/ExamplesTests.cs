using System.CommandLine;
using System.CommandLine.Parsing;
using Federation.Cli;
using Federation.Cli.Commands;
using Federation.Cli.Output;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class ExamplesTests
{
    private static readonly RootCommand Root = FederationCommand.Create();

    public static TheoryData<string> Sharing =>
        [.. Commands.Where(c => c.Words is ["policy" or "group" or "clock" or "community", ..] or ["partner", "overdue"] or ["records", "holders"]).Select(c => string.Join(' ', c.Words))];

    private static List<(string[] Words, Command Command)> Commands { get; } = [.. Below(Root, [])];

    [Fact]
    public void Every_command_of_sharing_is_looked_at() =>
        Assert.Superset(
            new HashSet<string>
            {
                "policy check", "policy diff", "policy apply", "policy explain", "policy view-as", "policy history", "policy show",
                "group set", "group diff", "group list", "clock", "clock confirm", "partner overdue",
                "community set", "community list", "records holders",
            },
            Sharing.Select(row => row.Data).ToHashSet());

    [Theory]
    [MemberData(nameof(Sharing))]
    public async Task The_help_of_a_command_of_sharing_shows_its_examples(string command)
    {
        var run = await ToolRun.Of([.. command.Split(' '), "--help"]);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        var examples = Assert.IsType<CommandWithExamples>(Find(command)).Examples;
        Assert.InRange(examples.Count, 1, 2);
        Assert.Contains($"Examples:{Environment.NewLine}  {examples[0]}{Environment.NewLine}", run.Output, StringComparison.Ordinal);
        Assert.All(examples, example => Assert.Contains(example, run.Output, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Sharing))]
    public void Every_example_parses_and_is_of_its_command(string command)
    {
        var described = (CommandWithExamples)Find(command);
        foreach (var example in described.Examples)
        {
            Assert.StartsWith("federation ", example, StringComparison.Ordinal);
            var parsed = Root.Parse([.. CommandLineParser.SplitCommandLine(example).Skip(1)]);

            Assert.Empty(parsed.Errors);
            var found = Commands.Single(c => c.Command == parsed.CommandResult.Command);
            Assert.Equal(command, string.Join(' ', found.Words.Take(command.Split(' ').Length)));
            Assert.NotNull(found.Command.Action);
        }
    }

    [Fact]
    public async Task Explain_is_a_command_of_policy_alone()
    {
        var run = await ToolRun.Of("explain", ScriptedOperator.Record, "jp");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
    }

    private static Command Find(string command) => Commands.Single(c => string.Join(' ', c.Words) == command).Command;

    private static IEnumerable<(string[] Words, Command Command)> Below(Command command, string[] words) =>
        command.Subcommands.SelectMany(child => Below(child, [.. words, child.Name]).Prepend(([.. words, child.Name], child)));
}
