using System.CommandLine;
using System.Net;
using Federation.Cli.Output;
using Federation.Cli.Setup;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Cli.Commands;

/// <summary><c>federation init DIR</c>: makes a node's directory.</summary>
internal static class InitCommand
{
    private static readonly Argument<string> Directory = new("DIR") { Description = "The directory to make; if it exists it has to be empty." };

    private static readonly Option<string> Institute = new("--institute")
    {
        Description = "The institute's id in the federation: 2 to 16 of a-z, 0-9 and '-'.",
        HelpName = "ID",
        Required = true,
    };

    private static readonly Option<string> Name = new("--name") { Description = "The institute's name for people.", HelpName = "TEXT" };

    private static readonly Option<int> PartnerPort = new("--partner-port")
    {
        Description = "The port for partners; 0 lets the system choose one at each start.",
        HelpName = "N",
        DefaultValueFactory = _ => InstitutePlan.DefaultPartnerPort,
    };

    private static readonly Option<int> OwnPort = new("--own-port")
    {
        Description = "The port for the institute's own systems; 0 lets the system choose one at each start.",
        HelpName = "N",
        DefaultValueFactory = _ => InstitutePlan.DefaultOwnPort,
    };

    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "The IP address that the port for partners is bound to.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private static readonly Option<string> OwnListen = new("--own-listen")
    {
        Description = "The IP address that the port for the institute's own systems is bound to.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private static readonly Option<string[]> Hosts = new("--host")
    {
        Description = "A further name or address under which the institute's own systems reach the node; may be repeated.",
        HelpName = "H",
    };

    private static readonly Option<string[]> Advertise = new("--advertise")
    {
        Description = "Where partners reach the node, as host:port; may be repeated.",
        HelpName = "H:P",
    };

    public static Command Create()
    {
        var command = new Command("init", "Makes a node's directory: settings, keys, the institute's own authority, the first operator.")
        {
            Directory, Institute, Name, PartnerPort, OwnPort, Listen, OwnListen, Hosts, Advertise,
        };
        command.Runs((scope, _) => Task.FromResult(Run(scope)));
        return command;
    }

    private static int Run(CommandScope scope)
    {
        var plan = Plan(scope);
        var card = InstituteSetup.Create(plan, scope.Clock);
        var fingerprint = RootFingerprint.Format(PartnerCards.Fingerprint(card));
        scope.Write(new { Directory = plan.Location, card.Institute, RootFingerprint = fingerprint }, console =>
        {
            console.Facts(("directory", plan.Location), ("institute", card.Institute), ("root fingerprint", fingerprint), ("addresses", card.Addresses));
            console.WriteLines(
                "",
                "The node never reads keys/root.key: move it to a place that is offline.",
                $"Start the node:  federation node run --dir {plan.Location}");
        });
        return ExitCode.Ok;
    }

    private static InstitutePlan Plan(CommandScope scope)
    {
        if (!InstituteId.TryParse(scope.Get(Institute), out var institute))
            throw CommandFailureException.Usage("An institute's id is 2 to 16 characters of a-z, 0-9 and '-'.");
        var partnerPort = Port(scope, PartnerPort);
        var hosts = scope.Get(Hosts) ?? [];
        if (hosts.FirstOrDefault(host => Uri.CheckHostName(host) == UriHostNameType.Unknown) is { } badHost)
            throw CommandFailureException.Usage($"--host {badHost} is neither a name nor an address.");
        var advertise = scope.Get(Advertise) ?? [];
        if (advertise.FirstOrDefault(address => !IsHostAndPort(address)) is { } badAddress)
            throw CommandFailureException.Usage($"--advertise {badAddress} is not host:port.");
        if (advertise.Length == 0 && partnerPort != 0)
            advertise = [$"{hosts.FirstOrDefault() ?? "127.0.0.1"}:{partnerPort}"];
        return new InstitutePlan
        {
            Location = Path.GetFullPath(scope.Get(Directory)),
            Institute = institute,
            DisplayName = scope.Get(Name) ?? institute.ToString(),
            PartnerAddress = Address(scope, Listen),
            OwnAddress = Address(scope, OwnListen),
            PartnerPort = partnerPort,
            OwnPort = Port(scope, OwnPort),
            Hosts = hosts,
            Advertise = advertise,
        };
    }

    private static int Port(CommandScope scope, Option<int> option) =>
        scope.Get(option) is var port and >= 0 and <= 65535 ? port : throw CommandFailureException.Usage($"{option.Name} takes 0 to 65535.");

    private static string Address(CommandScope scope, Option<string> option) =>
        IPAddress.TryParse(scope.Get(option), out var address)
            ? address.ToString()
            : throw CommandFailureException.Usage($"{option.Name} takes an IP address.");

    private static bool IsHostAndPort(string address) =>
        Uri.TryCreate($"https://{address}", UriKind.Absolute, out var uri)
        && uri is { PathAndQuery: "/", UserInfo.Length: 0 }
        && address.EndsWith($":{uri.Port}", StringComparison.Ordinal);
}
