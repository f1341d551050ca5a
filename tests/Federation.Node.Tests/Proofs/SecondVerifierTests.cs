using Xunit;

namespace Federation.Node.Tests.Proofs;

/// <summary>Files of real nodes, whole and tampered with, before two verifiers that share no code.</summary>
public sealed class SecondVerifierTests
{
    private const int Positions = 300;
    private const int Seed = 20261128;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_verifiers_find_the_same_in_files_of_real_nodes_and_no_tampered_bundle_passes_R12()
    {
        await using var stage = await BundleStage.StartAsync();
        foreach (var (node, partner, inbound) in new[] { (stage.Uk, "jp", false), (stage.Jp, "uk", true) })
        {
            string[] options = inbound ? ["--inbound"] : [];
            var bundle = await File.ReadAllBytesAsync(await stage.ExportAsync(node, partner, options), Token);
            await AgreeAsync(stage, $"{node.Institute}-evidence", bundle, mayStayTrue: false);

            var file = stage.Directory.Inside("ledger");
            var run = await BundleStage.RunAsync(node, ["ledger", "export", partner, "--out", file, .. options]);
            Assert.True(run.ExitCode == 0, run.Error);
            await AgreeAsync(stage, $"{node.Institute}-ledger", await File.ReadAllBytesAsync(file, Token), mayStayTrue: true);
        }
    }

    [Fact]
    public async Task The_second_verifier_holds_to_the_golden_vectors()
    {
        var output = await SecondVerifier.CheckVectorsAsync();

        foreach (var file in new[] { "leaf", "head", "receipt", "seal", "statement", "inclusion_proof", "consistency_proof", "subtree_cover", "signature" })
            Assert.Contains($"{file}: ", output, StringComparison.Ordinal);
    }

    // The whole file, every length of its first bytes and some of the others, and a bit changed at some hundred places.
    private static async Task AgreeAsync(BundleStage stage, string name, byte[] whole, bool mayStayTrue)
    {
        var directory = Directory.CreateDirectory(stage.Directory.Inside(name)).FullName;
        var random = new Random(Seed);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal) { ["whole"] = whole };
        for (var i = 0; i < Positions; i++)
        {
            var (bent, at) = ((byte[])whole.Clone(), random.Next(whole.Length));
            bent[at] ^= (byte)(1 << random.Next(8));
            files[$"bit-{i:d3}-at-{at}"] = bent;
            if (i % 10 == 0)
                files[$"cut-{i:d3}-at-{at}"] = whole[..at];
        }

        foreach (var (file, bytes) in files)
            await File.WriteAllBytesAsync(Path.Combine(directory, file), bytes, Token);
        var second = await SecondVerifier.VerifyAllAsync(directory, stage.OriginRoot, stage.FollowerRoot);
        Assert.Equal(files.Keys, second.Select(verdict => verdict.File));
        var expected = FirstVerifier.Verify(whole, stage.OriginRoot, stage.FollowerRoot);
        Assert.True(expected.Verified, expected.Fault);
        foreach (var verdict in second)
        {
            var first = FirstVerifier.Verify(files[verdict.File], stage.OriginRoot, stage.FollowerRoot);
            var isWhole = verdict.File == "whole";
            Assert.True(first.Verified == verdict.Verified, $"{name} {verdict.File}: {first} and {verdict}");
            Assert.True(verdict.Verified == isWhole || (verdict.Verified && mayStayTrue) || (!verdict.Verified && !isWhole), $"{name} {verdict.File}: {verdict}");
            if (!verdict.Verified)
                continue;
            // What still verifies proves the very same: protobuf has more than one way to write a number.
            Assert.Equal(expected, first);
            Assert.Equal(expected, verdict with { File = "" });
        }
    }
}
