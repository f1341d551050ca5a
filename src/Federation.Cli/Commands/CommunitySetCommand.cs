using System.CommandLine;
using Federation.Cli.Output;
using Federation.Protocol.Keys;
using Federation.V1.Node;
using CommunityMember = Federation.V1.Node.CommunityMember;

namespace Federation.Cli.Commands;

/// <summary><c>federation community set NAME [FILE]</c>: loads a list, in the place of an earlier one of the same name.</summary>
internal static class CommunitySetCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The list's name, 2 to 32 of a-z, 0-9 and '-'." };

    private static readonly Argument<string?> ListFile = new("FILE")
    {
        Description = "A text file with one member a line: its institute id and the fingerprint of its root key. What follows a '#' is skipped.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string[]> Member = new("--member")
    {
        Description = "A member, in the place of a file; give it once for each.",
        HelpName = "ID=FINGERPRINT",
    };

    private static readonly Option<bool> Empty = new("--empty") { Description = "Leave the list without members: nothing is passed on by it any more." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "set",
            "Loads a community list. It counts with those who have loaded the same, of which the digest is the sign.",
            "federation community set network network.txt",
            "federation community set network --empty")
        {
            Name, ListFile, Member, Empty,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var request = new SetCommunityRequest { Name = scope.Get(Name) };
        request.Members.AddRange(await MembersAsync(scope, cancellationToken));
        using var node = scope.Connect();
        var answer = await node.Operator.SetCommunityAsync(request, node.Unary(cancellationToken));
        scope.Write(answer, console => console.Facts(
            ("list", request.Name),
            ("members", request.Members.Count == 0 ? "none: nothing is passed on by it" : request.Members.Select(member => member.Institute)),
            ("digest", answer.Digest)));
        if (!answer.Counts)
            scope.Say("This institute does not stand on the list under its own root, so the list counts for nothing here.");
        return ExitCode.Ok;
    }

    private static async Task<List<CommunityMember>> MembersAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var file = scope.Arguments.GetValue(ListFile);
        var named = scope.Arguments.GetValue(Member) ?? [];
        var empty = scope.Get(Empty);
        if ((file is null ? 0 : 1) + (named.Length > 0 ? 1 : 0) + (empty ? 1 : 0) != 1)
            throw CommandFailureException.Usage("Name the members by a FILE, or by --member, or give --empty.");
        if (file is null)
            return [.. named.Select(text => Read(text, text.IndexOf('=', StringComparison.Ordinal), "--member"))];
        var members = new List<CommunityMember>();
        var number = 0;
        foreach (var line in await File.ReadAllLinesAsync(file, cancellationToken))
        {
            number++;
            var text = line.Split('#')[0].Trim();
            if (text.Length > 0)
                members.Add(Read(text, text.IndexOfAny([' ', '\t', '=']), $"{file}, line {number}"));
        }
        return members;
    }

    private static CommunityMember Read(string text, int end, string where)
    {
        if (end <= 0 || !RootFingerprint.TryParse(text[(end + 1)..].Trim(), out var root))
            throw CommandFailureException.Usage($"{where}: a member is its institute id and the 64 hexadecimal digits of its root's fingerprint.");
        return new CommunityMember { Institute = text[..end].Trim(), RootFingerprint = root.ToString() };
    }
}
