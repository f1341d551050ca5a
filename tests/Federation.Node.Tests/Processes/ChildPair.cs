using Federation.V1.Node;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Processes;

/// <summary>Two nodes as processes, each sharing with the other and following it.</summary>
internal sealed class ChildPair : IAsyncDisposable
{
    /// <summary>The policy that is in force at the beginning and at the end.</summary>
    public const string Policy = """
        version: 1
        ceiling: AMBER
        rules:
          - name: flaws
            allow:
              kinds: [flaw]
            withhold: [flaw_reproduction]
            envelope: share
        """;

    /// <summary>Policies that take back everything, and parts of everything.</summary>
    public static readonly IReadOnlyList<string> Narrower =
    [
        Policy.Replace("ceiling: AMBER", "ceiling: CLEAR", StringComparison.Ordinal),
        Policy.Replace("[flaw_reproduction]", "[flaw_reproduction, flaw_summary]", StringComparison.Ordinal),
    ];

    private readonly DirectoryInfo root = System.IO.Directory.CreateTempSubdirectory("federation-pair-");

    private ChildPair(Random random)
    {
        First = ChildNode.Create(root.FullName, "uk", random);
        Second = ChildNode.Create(root.FullName, "sg", random);
    }

    public ChildNode First { get; }

    public ChildNode Second { get; }

    public IReadOnlyList<(ChildNode Node, ChildNode Other)> Sides => [(First, Second), (Second, First)];

    /// <summary>Makes both nodes, starts them, exchanges cards and puts policies in force.</summary>
    public static async Task<ChildPair> StartAsync(Random random, CancellationToken cancellationToken)
    {
        var pair = new ChildPair(random);
        try
        {
            foreach (var (node, _) in pair.Sides)
                node.Start();
            foreach (var (node, other) in pair.Sides)
                await IntroduceAsync(node, other, cancellationToken);
            return pair;
        }
        catch (Exception)
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        root.Delete(recursive: true);
    }

    private static async Task IntroduceAsync(ChildNode node, ChildNode other, CancellationToken cancellationToken)
    {
        await node.WaitUntilListeningAsync(cancellationToken);
        using var connection = node.Connect();
        await connection.Operator.AddPartnerAsync(new AddPartnerRequest { Card = other.Card, Share = true, Follow = true }, Patient(cancellationToken));
        var applied = await connection.Operator.ApplyPolicyAsync(
            new ApplyPolicyRequest { Partner = other.Card.Institute, Policy = Policy, FileName = "pair.yaml", Confirmed = true }, Patient(cancellationToken));
        Assert.Equal(1L, (long)applied.Epoch);
    }

    private static CallOptions Patient(CancellationToken cancellationToken) =>
        new(deadline: (TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(40)).UtcDateTime, cancellationToken: cancellationToken);
}
