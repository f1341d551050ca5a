using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Federation.Cli;
using Federation.Cli.Setup;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class InitCommandTests : IDisposable
{
    private readonly TestDirectory _parent = new();

    private string Node => _parent.Inside("uk");

    public void Dispose() => _parent.Dispose();

    [Fact]
    public async Task Every_private_key_is_readable_by_its_owner_only()
    {
        await InitAsync();

        string[] secret =
        [
            "keys/root.key", "keys/tls.key", "keys/head.key", "keys/statement.key", "keys/receipt.key",
            "own-ca/ca.key", "own-ca/server.key", "clients/operator.pem",
        ];
        foreach (var file in secret)
            Assert.Equal("600", TestDirectory.ModeOf(Path.Combine(Node, file)));
        var holding = Directory.EnumerateFiles(Node, "*", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("PRIVATE KEY", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Node, file));
        Assert.Equal(secret.Order(), holding.Order());
    }

    [Fact]
    public async Task The_manifest_lists_the_four_keys_of_the_node_and_verifies_under_the_root()
    {
        await InitAsync();

        var card = PartnerCard.Parser.ParseFrom(_parent.ReadBytes("uk/keys/manifests.bin"));
        using var root = SigningKey.FromPem(ReadKey("root"));
        var chain = card.Manifests.Select(manifest => (manifest.Payload.ToByteArray(), manifest.Signature.ToByteArray())).ToList();
        var fingerprint = RootFingerprint.Of(root.Spki);
        Assert.True(ManifestChain.TryVerify(InstituteId.Parse("uk"), fingerprint, chain, SignatureScheme.Ecdsa, out var verified, out var error), error);
        Assert.Equal(SignatureAlgorithm.EcdsaP384Sha384, root.Algorithm);
        Assert.Equal([KeyPurpose.Tls, KeyPurpose.Head, KeyPurpose.Statement, KeyPurpose.Receipt], verified.Latest.Keys.Select(key => key.Purpose));
        Assert.All(verified.Latest.Keys, key => Assert.Equal(KeyState.Active, key.State));
        foreach (var key in verified.Latest.Keys)
        {
            using var file = SigningKey.FromPem(ReadKey(key.Purpose.ToString().ToLowerInvariant()));
            Assert.Equal(file.KeyId, key.KeyId);
            Assert.Equal(SignatureAlgorithm.EcdsaP256Sha256, file.Algorithm);
        }
    }

    [Fact]
    public async Task The_own_authority_issues_a_certificate_for_the_listener_and_one_for_the_operator()
    {
        await InitAsync("--host", "node.uk.example", "--host", "10.1.2.3");

        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Node, "own-ca", "ca.pem"));
        using var server = X509Certificate2.CreateFromPemFile(Path.Combine(Node, "own-ca", "server.pem"), Path.Combine(Node, "own-ca", "server.key"));
        using var client = X509Certificate2.CreateFromPemFile(Path.Combine(Node, "clients", "operator.pem"));
        AssertIssued(server, authority, "1.3.6.1.5.5.7.3.1");
        AssertIssued(client, authority, "1.3.6.1.5.5.7.3.2");
        foreach (var host in new[] { "localhost", "127.0.0.1", "::1", "node.uk.example", "10.1.2.3" })
            Assert.True(server.MatchesHostname(host), host);
        Assert.False(server.MatchesHostname("elsewhere.example"));
    }

    [Fact]
    public async Task The_settings_name_what_was_asked_for()
    {
        await InitAsync("--name", "Security Institute", "--partner-port", "9443", "--own-port", "0", "--advertise", "node.uk.example:443");

        var settings = NodeSettings.Parse(_parent.Read("uk/node.json"));
        Assert.Equal(("uk", "Security Institute"), (settings.Institute, settings.DisplayName));
        Assert.Equal(new ListenerSettings("127.0.0.1", 9443), settings.PartnerListener);
        Assert.Equal(new ListenerSettings("127.0.0.1", 0), settings.OwnListener);
        Assert.Equal(["node.uk.example:443"], settings.Advertise);
        foreach (var file in new[] { settings.OwnAuthority, settings.OwnCertificate, settings.OwnKey, settings.FirstOperator })
            Assert.True(File.Exists(Path.Combine(Node, file)), file);
    }

    [Fact]
    public async Task A_directory_that_is_not_empty_is_left_alone()
    {
        Directory.CreateDirectory(Node);
        _parent.Write("uk/notes.txt", "mine");

        var run = await ToolRun.Of("init", Node, "--institute", "uk");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Equal(["notes.txt"], Directory.EnumerateFileSystemEntries(Node).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("UK")]
    [InlineData("u")]
    [InlineData("seventeen-letters")]
    [InlineData("ü-k")]
    public async Task An_id_that_is_none_is_refused(string institute)
    {
        var run = await ToolRun.Of("init", Node, "--institute", institute);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.False(Directory.Exists(Node));
    }

    [Theory]
    [InlineData("--advertise", "node.uk.example")]
    [InlineData("--advertise", "https://node.uk.example:443")]
    [InlineData("--partner-port", "65536")]
    [InlineData("--own-port", "-1")]
    [InlineData("--host", "two words")]
    [InlineData("--listen", "localhost")]
    [InlineData("--own-listen", "everywhere")]
    public async Task A_setting_that_cannot_be_is_refused_before_anything_is_written(string option, string value)
    {
        var run = await ToolRun.Of("init", Node, "--institute", "uk", option, value);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.False(Directory.Exists(Node));
    }

    [Fact]
    public async Task Two_institutes_share_no_key()
    {
        await ToolRun.Of("init", _parent.Inside("a"), "--institute", "aa");
        await ToolRun.Of("init", _parent.Inside("b"), "--institute", "bb");

        foreach (var key in new[] { "root", "tls", "head", "statement", "receipt" })
            Assert.NotEqual(_parent.Read($"a/keys/{key}.key"), _parent.Read($"b/keys/{key}.key"));
    }

    private async Task InitAsync(params string[] options)
    {
        var run = await ToolRun.Of(["init", Node, "--institute", "uk", "--output", "json", .. options]);
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal("uk", json.RootElement.GetProperty("institute").GetString());
    }

    private string ReadKey(string name) => _parent.Read($"uk/keys/{name}.key");

    private static void AssertIssued(X509Certificate2 certificate, X509Certificate2 authority, string purpose)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(purpose));
        Assert.True(chain.Build(certificate), string.Join(' ', chain.ChainStatus.Select(status => status.StatusInformation)));
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages;
        Assert.Equal([purpose], usages.Cast<Oid>().Select(usage => usage.Value));
    }
}
