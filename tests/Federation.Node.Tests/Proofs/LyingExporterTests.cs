using Federation.Node.Tests.Cli;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Proofs;

/// <summary>An exporter that lies and seals its lies: both verifiers refuse each of them.</summary>
public sealed class LyingExporterTests : IDisposable
{
    // Each lie with a word of what the first verifier says to it.
    private static readonly (string Name, string Because, Action<EvidenceFileBuilder> Bend)[] Lies =
    [
        ("another exporter", "exporter", f => f.Header.Exporter = "sg"),
        ("another origin", "manifests of sg", f => f.Header.Origin = f.Header.Exporter = "sg"),
        ("another follower", "manifests of sg", f => f.Header.Follower = "sg"),
        ("another ledger", "head is of ledger", f => f.Header.LedgerId = ByteString.CopyFrom(new LedgerId(9).ToBytes())),
        ("another life", "head is of ledger", f => f.Header.Incarnation = 2),
        ("no ledger", "names no ledger", f => f.Header.LedgerId = ByteString.Empty),
        ("no head", "head is not signed", f => f.Header.Head = null),
        ("a head by another key", "head is not signed", f => f.Header.Head = Signed(f, "uk", KeyPurpose.Receipt, f.Header.Head.Payload)),
        ("a head of another type", "head is not signed",
            f => f.Header.Head = f.Sign("uk", KeyPurpose.Head, Receipt.PaeType, f.Header.Head.Payload.ToByteArray())),
        ("a head over another tree", "another history than the head", f => BendHead(f, head => head with { Root = Digest.Sha256("fork"u8) })),
        ("a head that is too small", "another history than the head", f => BendHead(f, head => head with { Size = 6 })),
        ("no manifests", "no key manifest", f => f.Header.Manifests.Clear()),
        ("a missing proof", "not proven", f => f.Entries.First().InclusionProof.Clear()),
        ("a longer proof", "not proven", f => f.Entries.First().InclusionProof.Add(ByteString.CopyFrom(Digest.Zero.ToBytes()))),
        ("a proof of another entry", "not proven", f => Swap(f)),
        ("a hash of another size", "hashes that are none", f => f.Entries.First().InclusionProof[0] = ByteString.CopyFrom(1, 2, 3)),
        ("another leaf", "not proven", f => Flip(f, 1, 30)),
        ("a leaf of another institute", "is not proven to be part of the tree", f => f.Entries.First().Leaf = Foreign(f.Entries.First().Leaf)),
        ("a leaf cut short", "no leaf", f => f.Entries.First().Leaf = ByteString.CopyFrom(f.Entries.First().Leaf.Span[..77])),
        ("entries out of order", "wrong place", f => (f.Pieces[^1], f.Pieces[^2]) = (f.Pieces[^2], f.Pieces[^1])),
        ("an entry twice", "wrong place", f => f.Pieces.Add(f.Pieces[^1].Clone())),
        ("another statement", "another statement", f => f.Entries.Last().Statement = f.Entries.Skip(1).First().Statement),
        ("another opening", "commitment", f => f.Entries.Last().Openings = f.Entries.Skip(1).First().Openings),
        ("no openings", "parts and 0", f => f.Entries.Last().Openings = ByteString.Empty),
        ("a signature that is none", "not signed", f => f.Entries.Last().StatementSignature = ByteString.CopyFrom(new byte[81])),
        ("content of a withdrawal", "no statement", f => f.Entries.Skip(3).First().Statement = f.Entries.Last().Statement),
        ("openings without a statement", "no statement", f => f.Entries.First().Openings = f.Entries.Last().Openings),
        ("an entry without a decision", "what decided", f => f.Entries.First().Decision = null),
        ("a policy that is not shown", "epoch 4", f => f.Entries.First().Decision.PolicyEpoch = 4),
        ("a policy twice", "may stand there", f => f.Pieces.Insert(2, f.Pieces[1].Clone())),
        ("a header twice", "may stand there", f => f.Pieces.Insert(2, f.Pieces[0].Clone())),
        ("an empty piece", "may stand there", f => f.Pieces.Insert(2, new EvidencePiece())),
        ("a receipt by another key", "receipt is not signed",
            f => f.Receipts.First().Receipt = Signed(f, "uk", KeyPurpose.Receipt, f.Receipts.First().Receipt.Payload)),
        ("a receipt for another history", "another history", f => BendReceipt(f, r => r with { Root = Digest.Sha256("fork"u8) })),
        ("a receipt for another size", "another history", f => BendReceipt(f, r => r with { Size = 4 })),
        ("a receipt beyond the head", "beyond the head", f => BendReceipt(f, r => r with { Size = 8 })),
        ("a receipt of another ledger", "another ledger", f => BendReceipt(f, r => r with { Ledger = new LedgerId(9) })),
        ("a receipt of another life", "another ledger", f => BendReceipt(f, r => r with { Incarnation = 2 })),
        ("a receipt without its proof", "another history", f => f.Receipts.First().ConsistencyProof.Clear()),
        ("receipts out of order", "wrong place", f => f.Pieces.Add(new EvidencePiece { Receipt = f.Receipt(5) })),
    ];

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Every_lie_is_refused_by_both_verifiers_for_its_own_reason_R12()
    {
        using var keys = new EvidenceFileBuilder();
        var honest = keys.ToArray();
        Assert.True(FirstVerifier.Verify(honest, keys.OriginRoot, keys.FollowerRoot).Verified);
        foreach (var (name, because, bend) in Lies)
        {
            using var file = new EvidenceFileBuilder();
            bend(file);
            var bytes = file.ToArray();
            var verdict = FirstVerifier.Verify(bytes, file.OriginRoot, file.FollowerRoot);
            Assert.True(!verdict.Verified && verdict.Fault.Contains(because, StringComparison.Ordinal), $"{name}: {verdict}");
            await SecondRefusesAsync(name, bytes, file);
        }
    }

    [Fact]
    public async Task A_seal_that_does_not_fit_its_file_is_refused()
    {
        using var file = new EvidenceFileBuilder();
        (string Name, string Because, byte[] Bytes)[] lies =
        [
            ("another count", "counts 8 entries", file.ToArray(seal => seal with { Entries = 8 })),
            ("other bytes", "other bytes", file.ToArray(seal => seal with { Digest = Digest.Zero })),
            ("another ledger", "another ledger", file.ToArray(seal => seal with { Ledger = new LedgerId(9) })),
            ("another life", "another ledger", file.ToArray(seal => seal with { Incarnation = 2 })),
            ("something behind", "follows the seal", file.ToArray(null, file.Pieces[^1])),
            ("nothing behind", "follows the seal", file.ToArray(null, new EvidencePiece())),
        ];
        foreach (var (name, because, bytes) in lies)
        {
            Assert.Contains(because, FirstVerifier.Verify(bytes, file.OriginRoot, file.FollowerRoot).Fault, StringComparison.Ordinal);
            await SecondRefusesAsync(name, bytes, file);
        }
    }

    [Fact]
    public async Task A_follower_s_file_verifies_by_its_receipt_key_and_may_not_speak_for_the_origin()
    {
        using var honest = new EvidenceFileBuilder(byOrigin: false);
        Assert.Equal("jp", FirstVerifier.Verify(honest.ToArray(), honest.OriginRoot, honest.FollowerRoot).Exporter);

        using var lying = new EvidenceFileBuilder(byOrigin: false);
        lying.Entries.First().Decision = new EvidenceDecision { Reason = "uk wished it so" };
        Assert.Contains("not by the institute", FirstVerifier.Verify(lying.ToArray(), lying.OriginRoot, null).Fault, StringComparison.Ordinal);
        await SecondRefusesAsync("a decision", lying.ToArray(), lying);

        using var posing = new EvidenceFileBuilder(byOrigin: false);
        posing.Header.Exporter = "uk";
        Assert.Contains("what decided", FirstVerifier.Verify(posing.ToArray(), posing.OriginRoot, null).Fault, StringComparison.Ordinal);
        await SecondRefusesAsync("posing", posing.ToArray(), posing);
    }

    private async Task SecondRefusesAsync(string name, byte[] bytes, EvidenceFileBuilder file)
    {
        var path = directory.Inside("lie.bin");
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var verdict = await SecondVerifier.VerifyAsync(path, file.OriginRoot, file.FollowerRoot);
        Assert.False(verdict.Verified, name);
    }

    private static SignedBytes Signed(EvidenceFileBuilder file, string institute, KeyPurpose purpose, ByteString payload) =>
        file.Sign(institute, purpose, purpose == KeyPurpose.Receipt && institute == "uk" ? Receipt.PaeType : Head.PaeType, payload.ToByteArray());

    private static void BendHead(EvidenceFileBuilder file, Func<Head, Head> bend)
    {
        Assert.True(Head.TryDecode(file.Header.Head.Payload.Span, out var head, out _));
        file.Header.Head = file.Sign("uk", KeyPurpose.Head, Head.PaeType, bend(head).Encode());
    }

    private static void BendReceipt(EvidenceFileBuilder file, Func<Receipt, Receipt> bend) => file.Receipts.First().Receipt = file.Receipt(3, bend).Receipt;

    private static void Swap(EvidenceFileBuilder file)
    {
        var (first, second) = (file.Entries.First().InclusionProof, file.Entries.Last().InclusionProof);
        first.Clear();
        first.AddRange(second);
    }

    private static void Flip(EvidenceFileBuilder file, int entry, int at)
    {
        var shown = file.Entries.ElementAt(entry);
        var leaf = shown.Leaf.ToByteArray();
        leaf[at] ^= 1;
        shown.Leaf = ByteString.CopyFrom(leaf);
    }

    private static ByteString Foreign(ByteString leafBytes)
    {
        Assert.True(Leaf.TryRead(leafBytes.Span, out var leaf, out _));
        return ByteString.CopyFrom((leaf with { Origin = InstituteId.Parse("sg") }).ToBytes());
    }
}
