using Federation.V1.Exchange;

namespace Federation.Cli.Setup;

/// <summary>Makes a node's directory: settings, keys, the institute's own authority, and the first operator's certificate.</summary>
internal static class InstituteSetup
{
    /// <summary>The name of the client that the node admits on its first start.</summary>
    public const string FirstOperator = "operator";

    /// <summary>Makes the directory and answers the institute's card.</summary>
    /// <exception cref="CommandFailureException">The directory exists and is not empty.</exception>
    public static PartnerCard Create(InstitutePlan plan, TimeProvider clock)
    {
        if (File.Exists(plan.Location) || (Directory.Exists(plan.Location) && Directory.EnumerateFileSystemEntries(plan.Location).Any()))
            throw CommandFailureException.Usage($"{plan.Location} exists and is not an empty directory. Nothing was changed.");
        var settings = new NodeSettings
        {
            Institute = plan.Institute.ToString(),
            DisplayName = plan.DisplayName,
            PartnerListener = new ListenerSettings(plan.PartnerAddress, plan.PartnerPort),
            OwnListener = new ListenerSettings(plan.OwnAddress, plan.OwnPort),
            Advertise = plan.Advertise,
        };
        var now = clock.GetUtcNow();
        PrivateFile.CreateDirectory(plan.Location);
        foreach (var directory in new[] { settings.DataDirectory, "anchor", settings.KeysDirectory, "own-ca", "clients" })
            PrivateFile.CreateDirectory(Path.Combine(plan.Location, directory));
        WriteOwnAuthority(plan, settings, now);
        var card = InstituteKeys.Write(Path.Combine(plan.Location, settings.KeysDirectory), plan, now);
        // Last, because a directory with settings is one that a node may start from.
        File.WriteAllText(Path.Combine(plan.Location, NodeSettings.FileName), settings.ToJson());
        return card;
    }

    private static void WriteOwnAuthority(InstitutePlan plan, NodeSettings settings, DateTimeOffset now)
    {
        using var authority = OwnAuthority.Create(plan.Institute.ToString(), now);
        File.WriteAllText(Path.Combine(plan.Location, settings.OwnAuthority), authority.CertificatePem);
        PrivateFile.Write(Path.Combine(plan.Location, "own-ca", "ca.key"), authority.KeyPem());
        var server = authority.IssueServer(plan.Hosts, now);
        File.WriteAllText(Path.Combine(plan.Location, settings.OwnCertificate), server.Pem);
        PrivateFile.Write(Path.Combine(plan.Location, settings.OwnKey), server.KeyPem);
        var client = authority.IssueClient(FirstOperator, now);
        PrivateFile.Write(Path.Combine(plan.Location, settings.FirstOperator), client.Pem + client.KeyPem);
    }
}
