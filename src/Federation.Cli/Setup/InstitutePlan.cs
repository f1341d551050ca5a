using Federation.Protocol.Records;

namespace Federation.Cli.Setup;

/// <summary>What <c>init</c> is to set up.</summary>
internal sealed record InstitutePlan
{
    public const int DefaultPartnerPort = 7443;

    public const int DefaultOwnPort = 7444;

    public required string Location { get; init; }

    public required InstituteId Institute { get; init; }

    public string DisplayName { get; init; } = "";

    public string PartnerAddress { get; init; } = "127.0.0.1";

    public string OwnAddress { get; init; } = "127.0.0.1";

    public int PartnerPort { get; init; } = DefaultPartnerPort;

    public int OwnPort { get; init; } = DefaultOwnPort;

    /// <summary>Further names and addresses under which the institute's systems reach the own listener.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Where partners reach the partner listener; empty means the address it is bound to.</summary>
    public IReadOnlyList<string> Advertise { get; init; } = [];
}
