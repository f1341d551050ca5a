using System.Diagnostics;
using Federation.Cli.Connection;
using Federation.Cli.Setup;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Federation.Benchmarks.Nodes;

/// <summary>One node that runs as a child process, with a channel to its own listener.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly Task log;
    private readonly GrpcChannel channel;

    private BenchNode(NodeDirectory directory, Process process, Task log, PartnerCard card)
    {
        this.process = process;
        this.log = log;
        Card = card;
        channel = OwnChannel.Open(directory);
        Records = new RecordsService.RecordsServiceClient(channel);
        Operator = new OperatorService.OperatorServiceClient(channel);
        Health = new Health.HealthClient(channel);
        Gauge = new StoreGauge(Path.Combine(directory.Location, directory.Settings.DataDirectory, "federation.db"));
    }

    public PartnerCard Card { get; }

    public RecordsService.RecordsServiceClient Records { get; }

    public OperatorService.OperatorServiceClient Operator { get; }

    public Health.HealthClient Health { get; }

    public StoreGauge Gauge { get; }

    public ProcessUsage Usage => ProcessUsage.Read(process.Id);

    /// <summary>Makes a node's directory, starts it and waits until it answers.</summary>
    public static async Task<BenchNode> StartAsync(string parent, string institute, CancellationToken cancellationToken)
    {
        var location = Path.Combine(parent, institute);
        var card = InstituteSetup.Create(
            new InstitutePlan { Location = location, Institute = InstituteId.Parse(institute), PartnerPort = 0, OwnPort = 0 }, TimeProvider.System);
        var directory = NodeDirectory.Open(location);
        var start = NodeProgram.StartInfo(location);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        var log = Task.WhenAll(
            CopyAsync(process.StandardOutput, Path.Combine(location, "node.log")), CopyAsync(process.StandardError, Path.Combine(location, "node.err")));
        ListenerAddress? addresses;
        while (!ListenerAddress.TryRead(directory.ListeningFile, out addresses))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"node {institute} ended while it started: {await File.ReadAllTextAsync(Path.Combine(location, "node.err"), cancellationToken)}");
            await Task.Delay(Pause, cancellationToken);
        }

        card.Addresses.Clear();
        card.Addresses.Add(addresses.Partner);
        var node = new BenchNode(directory, process, log, card);
        await node.Health.CheckAsync(new HealthCheckRequest(), new CallOptions(cancellationToken: cancellationToken).WithWaitForReady());
        return node;
    }

    /// <summary>Pins another node.</summary>
    public async Task AddPartnerAsync(BenchNode other, bool share, bool follow, CancellationToken cancellationToken) =>
        await Operator.AddPartnerAsync(new AddPartnerRequest { Card = other.Card, Share = share, Follow = follow }, cancellationToken: cancellationToken);

    /// <summary>Puts a policy in force for another node.</summary>
    public async Task ApplyPolicyAsync(BenchNode other, string policy, CancellationToken cancellationToken) =>
        await Operator.ApplyPolicyAsync(new ApplyPolicyRequest { Partner = other.Card.Institute, Policy = policy, Confirmed = true }, cancellationToken: cancellationToken);

    /// <summary>Shares with a partner that follows: the origin pins and allows it first, so that its first attempt is taken.</summary>
    public async Task ShareWithAsync(BenchNode partner, string policy, CancellationToken cancellationToken)
    {
        await AddPartnerAsync(partner, share: true, follow: false, cancellationToken);
        await ApplyPolicyAsync(partner, policy, cancellationToken);
        await partner.AddPartnerAsync(this, share: false, follow: true, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Gauge.Dispose();
        channel.Dispose();
        // Its directory goes with it: there is nothing to end in order.
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await log;
        process.Dispose();
    }

    private static async Task CopyAsync(StreamReader from, string file)
    {
        await using var to = new StreamWriter(file) { AutoFlush = true };
        while (await from.ReadLineAsync() is { } line)
            await to.WriteLineAsync(line);
    }
}
