using System.Security.Cryptography.X509Certificates;
using Federation.Cli.Setup;
using Federation.Node.Tests.Infrastructure;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Access;

/// <summary>Every rpc against every kind of caller.</summary>
public sealed class AuthorizationTests : IAsyncLifetime
{
    private TestFederation federation = null!;
    private TestNode node = null!;
    private TestInstitute partner = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk");
        node = federation["uk"];
        partner = new TestInstitute("jp");
        await node.AddPartnerAsync(partner.Card, share: true);
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Fact]
    public void Every_method_that_a_node_maps_has_a_row_in_the_matrix()
    {
        Assert.Equal(AccessMatrix.Rows.Keys.Order(StringComparer.Ordinal), node.Methods.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_method_of_every_service_description_is_mapped()
    {
        var described = new[] { RecordsService.Descriptor, OperatorService.Descriptor, ExchangeService.Descriptor }
            .SelectMany(s => s.Methods).Select(m => $"/{m.Service.FullName}/{m.Name}");

        Assert.Superset(described.ToHashSet(), node.Methods.ToHashSet());
    }

    [Theory]
    [InlineData("reader")]
    [InlineData("publisher")]
    [InlineData("operator")]
    public async Task A_client_is_answered_where_it_has_the_role_and_refused_for_it_elsewhere(string role)
    {
        var client = await node.AddClientAsync($"only-{role}", role);

        foreach (var (method, (roles, answer)) in AccessMatrix.Own)
        {
            var expected = roles.Contains(role) ? answer : "ROLE_MISSING";
            Assert.Equal((method, expected), (method, await client.Invoker.OutcomeAsync(method, [], Now)));
        }
    }

    [Fact]
    public async Task A_partner_is_answered_on_the_partner_listener()
    {
        using var channel = new TestChannel(node.PartnerAddress, partner.Tls);

        foreach (var (method, (_, answer)) in AccessMatrix.Partner)
            Assert.Equal((method, answer), (method, await channel.Invoker.OutcomeAsync(method, [], Now)));
    }

    [Fact]
    public async Task Who_can_not_show_an_admitted_key_gets_no_connection_to_the_own_listener()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var old = node.IssueExpired();
        await AdmitAsync("expired", old.RawData);
        using var authority = OwnAuthority.Create("uk", now);
        var foreign = authority.IssueClient("operator", now);
        node.Issue("never-admitted", now);
        await node.AddClientAsync("removed", "operator");
        await node.Operator.RemoveClientAsync(new RemoveClientRequest { Name = "removed" }, cancellationToken: Now);
        var strangers = new Dictionary<string, TestChannel>
        {
            ["without a certificate"] = new(node.OwnAddress, null),
            ["of another authority"] = new(node.OwnAddress, X509Certificate2.CreateFromPem(foreign.Pem, foreign.KeyPem)),
            ["expired"] = new(node.OwnAddress, old),
            ["issued and never admitted"] = new(node.OwnAddress, node.Certificate("never-admitted")),
            ["removed"] = new(node.OwnAddress, node.Certificate("removed")),
            ["a partner"] = new(node.OwnAddress, partner.Tls),
        };

        foreach (var (who, channel) in strangers)
        {
            foreach (var (method, _) in AccessMatrix.Own)
                Assert.Equal((who, method, "NO_CONNECTION"), (who, method, await channel.Invoker.OutcomeAsync(method, [], Now)));
            channel.Dispose();
        }
    }

    [Fact]
    public async Task Who_is_no_partner_gets_no_connection_to_the_partner_listener()
    {
        var strangers = new Dictionary<string, TestChannel>
        {
            ["without a certificate"] = new(node.PartnerAddress, null),
            ["an institute that is no partner"] = new(node.PartnerAddress, new TestInstitute("jp").Tls),
            ["expired"] = new(node.PartnerAddress, partner.Expired),
            ["with a key that is announced"] = new(node.PartnerAddress, partner.Announced),
            ["with a key for heads"] = new(node.PartnerAddress, partner.WrongPurpose),
            ["the operator"] = new(node.PartnerAddress, node.Certificate("operator")),
        };

        foreach (var (who, channel) in strangers)
        {
            foreach (var (method, _) in AccessMatrix.Partner)
                Assert.Equal((who, method, "NO_CONNECTION"), (who, method, await channel.Invoker.OutcomeAsync(method, [], Now)));
            channel.Dispose();
        }
    }

    [Fact]
    public async Task A_removed_client_is_refused_on_the_connection_that_it_still_has()
    {
        var client = await node.AddClientAsync("leaving", "reader", "publisher", "operator");
        await client.Operator.GetNodeAsync(new GetNodeRequest(), cancellationToken: Now);

        await node.Operator.RemoveClientAsync(new RemoveClientRequest { Name = "leaving" }, cancellationToken: Now);

        foreach (var (method, _) in AccessMatrix.Own)
            Assert.Equal((method, "CALLER_UNKNOWN"), (method, await client.Invoker.OutcomeAsync(method, [], Now)));
    }

    [Fact]
    public async Task A_certificate_that_the_institute_issued_for_its_listener_is_no_client()
    {
        using var authority = node.OpenAuthority();
        var issued = authority.IssueServer([], TimeProvider.System.GetUtcNow());
        await AdmitAsync("listener", issued.Der);

        using var channel = new TestChannel(
            node.OwnAddress, X509Certificate2.CreateFromPem(issued.Pem, issued.KeyPem));

        Assert.Equal("NO_CONNECTION", await channel.Invoker.OutcomeAsync("/federation.node.v1.OperatorService/GetNode", [], Now));
    }

    [Fact]
    public async Task The_last_operator_can_not_be_removed()
    {
        await Refusals.Assert("FIELD_INVALID", async () => await node.Operator.RemoveClientAsync(new RemoveClientRequest { Name = "operator" }, cancellationToken: Now));
    }

    private async Task AdmitAsync(string client, byte[] certificate)
    {
        var request = new AddClientRequest { Name = client, Certificate = ByteString.CopyFrom(certificate), Roles = { "operator" } };
        await node.Operator.AddClientAsync(request);
    }
}
