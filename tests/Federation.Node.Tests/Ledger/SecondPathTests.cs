using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Ledger;

/// <summary>R23: the second path to leaves and roots comes to what the first one comes to, and shares no code with it.</summary>
public sealed class SecondPathTests
{
    private static readonly LedgerId Ledger = LedgerId.Parse("00112233445566778899aabbccddeeff");

    [Fact]
    public void R23_the_second_path_lays_out_a_leaf_as_the_first_does()
    {
        foreach (var operation in Enum.GetValues<LedgerOperation>())
        {
            var hash = operation == LedgerOperation.Disclose ? Digest.Sha256("a statement"u8) : Digest.Zero;
            var name = new RecordName(InstituteId.Parse("uk-aisi"), RecordId.Parse("0123abcd-1111-2222-3333-444455556666"));
            var entry = new LedgerEntry(0x0102030405060708, (byte)operation, 77, 0xA0B0C0D0, hash);

            Assert.Equal(LedgerTree.LeafOf(new LedgerEntryName(entry, name)).Hash(Ledger), SecondPath.LeafHash(Ledger, new LedgerEntryName(entry, name)));
        }
    }

    [Fact]
    public void R23_the_second_path_gives_the_same_roots_and_tiles()
    {
        var (tree, range, leaves) = (new AuditedTree(), new CompactRange(), new List<Digest>());
        var (first, second) = (new SortedDictionary<(int, ulong), Digest>(), new SortedDictionary<(int, ulong), List<Digest>>());
        for (var size = 0; size <= 70_000; size++)
        {
            if (size < 1_100 || size % 9_973 == 0 || size > 69_990 || size is > 65_500 and < 65_600)
            {
                Assert.Equal(range.Root(), tree.Root());
                Assert.Equal(range.Root(), SecondPath.Root(leaves.ToArray()));
                AssertReload(tree);
            }

            var leaf = Digest.Sha256(BitConverter.GetBytes(size));
            leaves.Add(leaf);
            range.Append(leaf, (level, index, hash) => first[(level, index)] = hash);
            tree.Append(leaf, (level, index, hashes) => second[(level, index)] = [.. hashes]);
        }

        Assert.Equal(274, second.Count);
        foreach (var ((level, index), hashes) in second)
        {
            for (var i = 0; i < 256; i++)
                Assert.Equal(first[(level, index * 256 + (ulong)i)], hashes[i]);
        }
    }

    private static void AssertReload(AuditedTree tree)
    {
        Assert.Equal(tree.LevelCount, Math.Max(tree.LevelCount, AuditedTree.LevelsOf(tree.Size)));
        var open = Enumerable.Range(0, tree.LevelCount).Select(tree.Open).ToList();
        Assert.All(open, hashes => Assert.InRange(hashes.Count, 0, 255));
        Assert.Equal(open.Select((_, level) => AuditedTree.OpenCount(level, tree.Size)), open.Select(hashes => hashes.Count));
        Assert.Equal(tree.Root(), AuditedTree.From(tree.Size, open).Root());
    }
}
