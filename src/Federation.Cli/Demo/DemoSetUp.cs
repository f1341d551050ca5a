using Federation.Cli.Output;
using Federation.Protocol.Keys;
using Federation.V1.Node;

namespace Federation.Cli.Demo;

/// <summary>The demo's first steps: keys, processes, cards, policies.</summary>
internal static class DemoSetUp
{
    public static async Task StartAsync(
        DemoNetwork network, DemoScreen screen, IReadOnlyList<(string Id, string Name)> institutes, CancellationToken cancellationToken)
    {
        screen.Begin($"{institutes.Count} institutes make their keys and start their nodes");
        await network.StartAsync(institutes, cancellationToken);
        // All of them run on one machine and by one clock, so that none could vouch for another's: whoever started the demo does.
        await network.ForEachAsync(institute =>
            institute.Node.Operator.ConfirmClockAsync(new ConfirmClockRequest(), institute.Node.Unary(cancellationToken)).ResponseAsync);
        var table = Tables.Create("institute", "name", "for partners", "for its own systems", "root fingerprint");
        foreach (var institute in network.Institutes)
        {
            var fingerprint = SafeText.Short(RootFingerprint.Format(institute.Root), 20);
            table.With(institute.Id, institute.Card.DisplayName, institute.Addresses.Partner, institute.Addresses.Own, fingerprint);
        }
        screen.Show(table);
        screen.Passed($"{network.Institutes.Count} processes answer on listeners of their own.");
    }

    public static async Task ConnectAsync(DemoNetwork network, DemoScreen screen, CancellationToken cancellationToken)
    {
        screen.Begin("They exchange cards, pin each other's root, and put policies in force");
        await network.ForEachAsync(institute => PinAllAsync(network, screen, institute, cancellationToken));
        await network.ForEachAsync(institute => ApplyAllAsync(network, screen, institute, cancellationToken));
        ShowPolicies(network, screen);
        screen.Passed($"{network.Pairs.Count()} ledgers have a pinned root and a policy at both ends.");
    }

    private static void ShowPolicies(DemoNetwork network, DemoScreen screen)
    {
        // Of many institutes only initials fit on a line.
        var isWide = network.Institutes.Count > DemoInstitutes.MostInDetail;
        var table = Tables.Create(["policy", .. network.Institutes.Select(to => isWide ? to.Id : $"toward {to}")]);
        for (var from = 0; from < network.Institutes.Count; from++)
        {
            var names = network.Institutes.Select((_, to) => from == to ? "" : DemoSamples.Policy(from, to).Name);
            table.With([$"of {network.Institutes[from]}", .. names.Select(name => isWide && name.Length > 0 ? name[..1] : name)]);
        }
        screen.Show(table);
        if (isWide)
            screen.Say(string.Join(", ", DemoSamples.PolicyNames.Select(name => $"{name[..1]} {name}")));
    }

    private static async Task PinAllAsync(DemoNetwork network, DemoScreen screen, DemoInstitute institute, CancellationToken cancellationToken)
    {
        foreach (var other in network.Institutes.Where(other => other != institute))
        {
            var request = new AddPartnerRequest { Card = other.Card, Share = true, Follow = true };
            var answer = await institute.Node.Operator.AddPartnerAsync(request, institute.Node.Unary(cancellationToken));
            screen.Require(answer.RootFingerprint == other.Root.ToString(), $"{institute} pinned {answer.RootFingerprint} for {other}.");
        }
    }

    private static async Task ApplyAllAsync(DemoNetwork network, DemoScreen screen, DemoInstitute institute, CancellationToken cancellationToken)
    {
        var from = network.Institutes.ToList().IndexOf(institute);
        for (var to = 0; to < network.Institutes.Count; to++)
        {
            if (to == from)
                continue;
            var (name, text) = DemoSamples.Policy(from, to);
            var request = new ApplyPolicyRequest { Partner = network.Institutes[to].Id, Policy = text, FileName = $"{name}.yaml", Confirmed = true };
            var answer = await institute.Node.Operator.ApplyPolicyAsync(request, institute.Node.Unary(cancellationToken));
            screen.Require(answer.Epoch > 0, $"{institute} has no policy in force for {request.Partner}.");
        }
    }
}
