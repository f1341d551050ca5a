using System.Security.Cryptography;
using Federation.Node.Tests.Cli;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Tests.Proofs;

/// <summary>
/// Builds an evidence bundle with real keys, of a ledger of seven entries: two records, one revised, the other withdrawn; receipts for three and
/// for six entries. A test may bend any piece before it is sealed: that is what a lying exporter could do.
/// </summary>
internal sealed class EvidenceFileBuilder : IDisposable
{
    private const ulong EntryCount = 7;

    private readonly TestKeys uk = new("uk");
    private readonly TestKeys jp = new("jp");
    private readonly List<(Leaf Leaf, byte[] Statement, byte[] Openings)> entries = [];
    private readonly Digest[] hashes;

    public EvidenceFileBuilder(bool byOrigin = true)
    {
        Disclose(1, 1, "first");
        Disclose(2, 1, "second");
        Disclose(1, 2, "first, revised");
        Withdraw(2, 2);
        Disclose(3, 1, "third");
        Disclose(4, 1, "fourth");
        Disclose(5, 1, "fifth");
        hashes = [.. entries.Select(entry => entry.Leaf.Hash(Ledger))];
        Pieces.Add(new EvidencePiece { Header = NewHeader(byOrigin) });
        if (byOrigin)
            Pieces.Add(new EvidencePiece { Policy = new EvidencePolicy { Epoch = 3, AppliedAtMs = 1, AppliedBy = "operator", Text = "version: 1" } });
        for (var seq = 0UL; seq < EntryCount; seq++)
        {
            if (byOrigin && seq is 0 or 3)
                Pieces.Add(new EvidencePiece { Receipt = Receipt(seq + 3) });
            Pieces.Add(new EvidencePiece { Entry = Entry(seq, byOrigin) });
        }

        ByOrigin = byOrigin;
    }

    public LedgerId Ledger { get; } = new(0x0102030405060708);

    public bool ByOrigin { get; }

    public Digest OriginRoot => uk.Root;

    public Digest FollowerRoot => jp.Root;

    /// <summary>The pieces before the seal.</summary>
    public List<EvidencePiece> Pieces { get; } = [];

    public EvidenceHeader Header => Pieces[0].Header;

    public IEnumerable<EvidenceEntry> Entries => Pieces.Where(piece => piece.Entry is not null).Select(piece => piece.Entry);

    public IEnumerable<EvidenceReceipt> Receipts => Pieces.Where(piece => piece.Receipt is not null).Select(piece => piece.Receipt);

    /// <summary>Signs anything with a key of either institute.</summary>
    public SignedBytes Sign(string institute, KeyPurpose purpose, string paeType, byte[] payload) =>
        (institute == "uk" ? uk : jp).Sign(purpose, paeType, payload);

    /// <summary>A receipt for some entries, with its proof.</summary>
    public EvidenceReceipt Receipt(ulong size, Func<Receipt, Receipt>? bend = null)
    {
        var receipt = new Receipt(Ledger, 1, size, RootAt(size), 1_800_000_000_000 + (long)size, Digest.Zero);
        var shown = new EvidenceReceipt
        {
            Receipt = jp.Sign(KeyPurpose.Receipt, Federation.Protocol.Heads.Receipt.PaeType, (bend?.Invoke(receipt) ?? receipt).Encode()),
        };
        shown.ConsistencyProof.AddRange(ConsistencyProof.Build(size, EntryCount, Subtree).Select(hash => ByteString.CopyFrom(hash.ToBytes())));
        return shown;
    }

    /// <summary>The file, sealed.</summary>
    /// <param name="bend">Bends the seal before it is signed.</param>
    /// <param name="after">Pieces after the seal.</param>
    public byte[] ToArray(Func<EvidenceSeal, EvidenceSeal>? bend = null, params EvidencePiece[] after)
    {
        using var file = new MemoryStream();
        foreach (var piece in Pieces)
            piece.WriteDelimitedTo(file);
        var seal = new EvidenceSeal(Ledger, 1, (ulong)Entries.Count(), 1_800_000_100_000, Digest.Read(SHA256.HashData(file.ToArray())));
        var signed = (ByOrigin ? uk : jp).Sign(
            ByOrigin ? KeyPurpose.Head : KeyPurpose.Receipt, EvidenceSeal.PaeType, (bend?.Invoke(seal) ?? seal).Encode());
        new EvidencePiece { Seal = signed }.WriteDelimitedTo(file);
        foreach (var piece in after)
            piece.WriteDelimitedTo(file);
        return file.ToArray();
    }

    public void Dispose()
    {
        uk.Dispose();
        jp.Dispose();
    }

    private EvidenceHeader NewHeader(bool byOrigin)
    {
        var head = new Head(Ledger, 1, EntryCount, RootAt(EntryCount), 1_800_000_050_000, false, 1, 0, Digest.Zero);
        var header = new EvidenceHeader
        {
            Origin = "uk",
            Follower = "jp",
            LedgerId = ByteString.CopyFrom(Ledger.ToBytes()),
            Incarnation = 1,
            Head = uk.Sign(KeyPurpose.Head, Head.PaeType, head.Encode()),
            Exporter = byOrigin ? "uk" : "jp",
            Selection = "all entries",
        };
        header.Manifests.AddRange(uk.Manifests);
        header.FollowerManifests.AddRange(jp.Manifests);
        return header;
    }

    private EvidenceEntry Entry(ulong seq, bool byOrigin)
    {
        var (leaf, statement, openings) = entries[(int)seq];
        // The first entry is replaced later: its content is gone.
        var shown = new EvidenceEntry
        {
            Leaf = ByteString.CopyFrom(leaf.ToBytes()),
            Statement = ByteString.CopyFrom(seq == 0 ? [] : statement),
            Openings = ByteString.CopyFrom(seq == 0 ? [] : openings),
            Decision = byOrigin ? new EvidenceDecision { PolicyEpoch = 3, Rule = "everything", Reason = "It is allowed.", DecidedAtMs = 1_800_000_000_000 } : null,
        };
        shown.InclusionProof.AddRange(InclusionProof.Build(seq, EntryCount, Subtree).Select(hash => ByteString.CopyFrom(hash.ToBytes())));
        return shown;
    }

    private Digest Subtree(int level, ulong index)
    {
        var range = new CompactRange();
        foreach (var hash in hashes.AsSpan((int)(index << level), 1 << level))
            range.Append(hash);
        return range.Root();
    }

    private Digest RootAt(ulong size)
    {
        var range = new CompactRange();
        foreach (var hash in hashes.AsSpan(0, (int)size))
            range.Append(hash);
        return range.Root();
    }

    private void Disclose(ulong record, uint vrev, string text)
    {
        var (id, origin) = (new RecordId(record), InstituteId.Parse("uk"));
        var secret = new RecordSecret([.. Enumerable.Range(0, RecordSecret.SizeBytes).Select(i => (byte)i)]);
        Opening[] opened =
        [
            new(0, secret.Salt(0, 60_000), System.Text.Encoding.UTF8.GetBytes("envelope")),
            new(7, secret.Salt(7, 60_000), System.Text.Encoding.UTF8.GetBytes(text)),
        ];
        StatementPart[] parts = [.. opened.Select(opening =>
            new StatementPart(opening.Part, 60_000, PartCommitment.Compute(origin, id, opening.Part, 60_000, opening.Salt, opening.Value.Span)))];
        var statement = Statement.Encode(origin, id, 2, 1, parts);
        entries.Add((new Leaf(LedgerOperation.Disclose, (ulong)entries.Count, origin, id, vrev, Digest.Sha256(statement)), statement, Openings.Encode(opened)));
    }

    private void Withdraw(ulong record, uint vrev) => entries.Add(
        (new Leaf(LedgerOperation.Withdraw, (ulong)entries.Count, InstituteId.Parse("uk"), new RecordId(record), vrev, Digest.Zero), [], []));
}
