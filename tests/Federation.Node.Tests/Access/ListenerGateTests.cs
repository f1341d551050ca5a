using Federation.Node.Tests.Infrastructure;
using Xunit;

namespace Federation.Node.Tests.Access;

/// <summary>What one listener serves does not exist on the other, whatever the caller says about where it goes.</summary>
public sealed class ListenerGateTests : IAsyncLifetime
{
    private const string NoSuchService = "/federation.node.v1.NoSuchService/NoSuchMethod";

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
    public async Task Every_rpc_of_the_partner_listener_is_unknown_on_the_own_one_whatever_the_authority()
    {
        using var caller = new RawHttp(node.OwnAddress, node.Certificate("operator"));
        var unknown = await caller.PostAsync(NoSuchService, node.OwnAddress, Now);

        foreach (var (method, _) in AccessMatrix.Partner)
        {
            Assert.Equal((method, unknown), (method, await caller.PostAsync(method, node.OwnAddress, Now)));
            Assert.Equal((method, unknown), (method, await caller.PostAsync(method, node.PartnerAddress, Now)));
        }
    }

    [Fact]
    public async Task Every_rpc_of_the_own_listener_is_unknown_on_the_partner_one_whatever_the_authority()
    {
        using var caller = new RawHttp(node.PartnerAddress, partner.Tls);
        var unknown = await caller.PostAsync(NoSuchService, node.PartnerAddress, Now);

        foreach (var (method, _) in AccessMatrix.Own)
        {
            Assert.Equal((method, unknown), (method, await caller.PostAsync(method, node.PartnerAddress, Now)));
            Assert.Equal((method, unknown), (method, await caller.PostAsync(method, node.OwnAddress, Now)));
        }
    }

    [Fact]
    public async Task What_does_not_exist_is_the_same_bytes_on_both_listeners()
    {
        using var own = new RawHttp(node.OwnAddress, node.Certificate("operator"));
        using var other = new RawHttp(node.PartnerAddress, partner.Tls);

        Assert.Equal(await own.PostAsync(NoSuchService, node.OwnAddress, Now), await other.PostAsync(NoSuchService, node.PartnerAddress, Now));
    }

    [Theory]
    [InlineData("/FEDERATION.NODE.V1.OPERATORSERVICE/GetNode")]
    [InlineData("/federation.node.v1.operatorservice/getnode")]
    [InlineData("//federation.node.v1.OperatorService/GetNode")]
    [InlineData("/federation.exchange.v1.ExchangeService/../federation.node.v1.OperatorService/GetNode")]
    [InlineData("/federation.exchange.v1.ExchangeService/%2e%2e/federation.node.v1.OperatorService/GetNode")]
    [InlineData("/federation.exchange.v1.ExchangeService/..%2ffederation.node.v1.OperatorService/GetNode")]
    [InlineData("/federation.node.v1.OperatorService%2fGetNode")]
    [InlineData("/%66ederation.node.v1.OperatorService/GetNode")]
    [InlineData("/federation.node.v1.OperatorService/GetNode?service=federation.exchange.v1.ExchangeService")]
    [InlineData("/")]
    public async Task No_spelling_of_a_path_reaches_the_other_listener(string path)
    {
        using var caller = new RawHttp(node.PartnerAddress, partner.Tls);

        var answer = await caller.PostAsync(path, node.OwnAddress, Now);

        Assert.DoesNotContain("\ngrpc-status: 0", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("CALLER_UNKNOWN", answer, StringComparison.Ordinal);
        Assert.Contains("\ngrpc-status: 12", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_names_no_server_and_no_trace()
    {
        using var caller = new RawHttp(node.PartnerAddress, partner.Tls);

        var answer = await caller.PostAsync("/federation.exchange.v1.ExchangeService/GetManifests", node.PartnerAddress, Now);

        foreach (var telling in new[] { "server:", "traceparent", "tracestate", "via:", "request-id" })
            Assert.DoesNotContain($"\n{telling}", answer, StringComparison.OrdinalIgnoreCase);
    }
}
