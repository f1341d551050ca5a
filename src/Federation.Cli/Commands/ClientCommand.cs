using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.Setup;
using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Cli.Commands;

/// <summary><c>federation client add|list|remove</c>: who of the institute's own may call the node.</summary>
internal static class ClientCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The client's name, 1 to 64 of a-z, 0-9 and '-'." };

    private static readonly Option<string[]> Roles = RoleOption();

    public static Command Create()
    {
        var add = new Command("add", "Issues a certificate into clients/NAME.pem and admits it.") { Name, Roles };
        add.Runs(AddAsync);
        var list = new Command("list", "Lists the clients and their roles.");
        list.Runs(ListAsync);
        var remove = new Command("remove", "Ends a client's access at once.") { Name };
        remove.Runs(RemoveAsync);
        return new Command("client", "The institute's own systems and people.") { add, list, remove };
    }

    private static Option<string[]> RoleOption()
    {
        var option = new Option<string[]>("--role")
        {
            Description = "What the client may do; may be repeated.",
            HelpName = "reader|publisher|operator",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        option.AcceptOnlyFromAmong("reader", "publisher", "operator");
        return option;
    }

    private static async Task<int> AddAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var directory = scope.OpenDirectory();
        var name = scope.Get(Name);
        if (name.Length is 0 or > 64 || name.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
            throw CommandFailureException.Usage("A client's name is 1 to 64 characters of a-z, 0-9 and '-'.");
        var file = directory.Inside(Path.Combine("clients", $"{name}.pem"));
        if (File.Exists(file))
            throw CommandFailureException.Usage($"{file} exists; move it away first. Nothing was changed.");
        using var authority = OwnAuthority.Load(directory.AuthorityFile, directory.Inside("own-ca/ca.key"));
        var issued = authority.IssueClient(name, scope.Clock.GetUtcNow());
        using var node = scope.Connect();
        var request = new AddClientRequest { Name = name, Certificate = ByteString.CopyFrom(issued.Der), Roles = { scope.Get(Roles)!.Distinct() } };
        await node.Operator.AddClientAsync(request, node.Unary(cancellationToken));
        // After the node has admitted it: a refusal leaves no file behind, and a lost file is mended by removing the client.
        PrivateFile.Write(file, issued.Pem + issued.KeyPem);
        scope.Write(new { Name = name, request.Roles, File = file }, console => console.Facts(("client", name), ("roles", request.Roles), ("file", file)));
        return ExitCode.Ok;
    }

    private static async Task<int> ListAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var answer = await node.Operator.ListClientsAsync(new ListClientsRequest(), node.Unary(cancellationToken));
        scope.Write(answer, console =>
        {
            var table = Tables.Create("client", "roles", "added", "key");
            foreach (var client in answer.Clients)
                table.With(client.Name, client.Roles, client.AddedAt, HashText.Short(client.SpkiDigest));
            console.Write(table);
        });
        return ExitCode.Ok;
    }

    private static async Task<int> RemoveAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var name = scope.Get(Name);
        await node.Operator.RemoveClientAsync(new RemoveClientRequest { Name = name }, node.Unary(cancellationToken));
        scope.Write(new { Removed = name }, console => console.WriteLines($"{name} has no access any more. Its file in clients/ is left alone."));
        return ExitCode.Ok;
    }
}
