using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Demo;

/// <summary>Where every ledger between the institutes stands, on both sides.</summary>
internal sealed class Positions
{
    private readonly DemoNetwork _network;
    private readonly Dictionary<(string Node, string Partner), Partner> _partners;

    private Positions(DemoNetwork network, Dictionary<(string, string), Partner> partners)
    {
        _network = network;
        _partners = partners;
    }

    public static async Task<Positions> ReadAsync(DemoNetwork network, CancellationToken cancellationToken)
    {
        var partners = new Dictionary<(string, string), Partner>();
        var lists = await Task.WhenAll(network.Institutes.Select(async institute =>
            (institute.Id, Partners: await PartnerPages.AllAsync(institute.Node, cancellationToken))));
        foreach (var (id, list) in lists)
        {
            foreach (var partner in list)
                partners[(id, partner.Institute)] = partner;
        }
        return new Positions(network, partners);
    }

    /// <summary>The ledger from one institute to another, as its originator has it.</summary>
    public OutboundLedger Outbound(DemoInstitute from, DemoInstitute to) => _partners.GetValueOrDefault((from.Id, to.Id))?.Outbound ?? new OutboundLedger();

    /// <summary>The same ledger, as its follower has it.</summary>
    public InboundLedger Inbound(DemoInstitute from, DemoInstitute to) => _partners.GetValueOrDefault((to.Id, from.Id))?.Inbound ?? new InboundLedger();

    /// <summary>A sentence on the first ledger that is not yet delivered and receipted whole; null if all are.</summary>
    public string? FindUnsettled()
    {
        foreach (var (from, to) in _network.Pairs)
        {
            var (outbound, inbound) = (Outbound(from, to), Inbound(from, to));
            var isSettled = outbound is { State: OutboundState.Active, Sweeping: false }
                && inbound.State == InboundState.Tailing
                && inbound.Applied == outbound.Appended
                && outbound.Receipted == outbound.Appended;
            if (!isSettled)
            {
                var state = $"{EnumText<InboundState>.Of(inbound.State)}{(inbound.LastFault.Length > 0 ? $": {inbound.LastFault}" : "")}";
                return $"{from} has {outbound.Appended} entries for {to} ({EnumText<OutboundState>.Of(outbound.State)}), "
                    + $"{to} has applied {inbound.Applied} ({state}) and confirmed {outbound.Receipted}.";
            }
        }
        return null;
    }

    /// <summary>Rows disclose, columns follow: entries applied of entries appended.</summary>
    public Table ToTable()
    {
        var table = Tables.Create(["entries applied", .. _network.Institutes.Select(to => $"at {to}")]);
        foreach (var from in _network.Institutes)
            table.With([$"of {from}", .. _network.Institutes.Select(to => from == to ? "" : Cell(from, to))]);
        return table;
    }

    private string Cell(DemoInstitute from, DemoInstitute to) => $"{Inbound(from, to).Applied}/{Outbound(from, to).Appended}";
}
