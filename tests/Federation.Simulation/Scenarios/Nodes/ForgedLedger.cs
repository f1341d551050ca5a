using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.Simulation.World;
using Federation.V1.Exchange;
using Federation.V1.Records;
using Google.Protobuf;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>A ledger whose origin begins honestly and then signs a batch that can't be.</summary>
internal sealed class ForgedLedger
{
    private readonly Institute _institute;
    private readonly Rng _rng;
    private readonly Func<long> _nowMs;
    private readonly List<ForgedEntry> _honest = [];

    public ForgedLedger(Institute institute, Forgery forgery, Rng rng, Func<long> nowMs)
    {
        (_institute, Forgery, _rng, _nowMs) = (institute, forgery, rng, nowMs);
        Ledger = LedgerId.Read(new DeterministicBytes(rng.Fork(1)).Take(LedgerId.SizeBytes));
        var count = 2 + rng.Below(9);
        for (var seq = 0; seq < count; seq++)
            _honest.Add(Entry((ulong)seq, NewRecord(), 1));
    }

    public Forgery Forgery { get; }

    public LedgerId Ledger { get; }

    /// <summary>The records of the honest entries.</summary>
    public IEnumerable<RecordId> Records => _honest.Select(entry => entry.Leaf.Record);

    public ulong Size => (ulong)_honest.Count;

    /// <summary>The answer to a Hello; a forged one once the origin has turned.</summary>
    public HelloResponse Greet(ulong held, bool turned)
    {
        var fork = turned && Forgery == Forgery.NoPrefix;
        var ledger = turned && Forgery == Forgery.OtherLedger ? LedgerId.Read(new DeterministicBytes(_rng.Fork(2)).Take(LedgerId.SizeBytes)) : Ledger;
        var root = fork ? Digest.Sha256("another history"u8) : RootOf(_honest);
        var response = new HelloResponse
        {
            Contact = Contact.Ok,
            Version = 1,
            LedgerId = ByteString.CopyFrom(ledger.ToBytes()),
            Incarnation = 1,
            ManifestNumber = 1,
            Head = Sign(HeadOf(Size, root) with { Ledger = ledger }),
        };
        var hashes = _honest.ConvertAll(entry => entry.Leaf.Hash(Ledger));
        if (held is > 0 && held < Size)
            response.ConsistencyProof.AddRange(ConsistencyProof.Build(held, Size, (level, index) => Subtree(hashes, level, index)).Select(hash => ByteString.CopyFrom(hash.ToBytes())));
        return response;
    }

    /// <summary>The honest entries from a size on.</summary>
    public FollowResponse Honest(ulong from) => Batch(from, [.. _honest.Skip((int)from)], HeadOf(Size, RootOf(_honest)));

    /// <summary>The batch after the honest entries that no follower may take.</summary>
    public FollowResponse Forged()
    {
        var next = Entry(Size, NewRecord(), 1);
        var head = HeadOf(Size + 1, RootOf([.. _honest, next]));
        switch (Forgery)
        {
            case Forgery.RootMismatch:
                return Batch(Size, [next], head with { Root = Digest.Sha256("no root"u8) });
            case Forgery.HeadShrinks:
                return Batch(Size, [], HeadOf(Size - 1, RootOf(_honest[..^1])));
            case Forgery.HeadTimeRegresses:
                return Batch(Size, [next], head with { TimeMs = 1 });
            case Forgery.CommitmentMismatch:
                return Batch(Size, [next with { Openings = [next.Openings[0], next.Openings[1] with { Value = "something else"u8.ToArray() }] }], head);
            case Forgery.StatementMismatch:
                return Batch(Size, [next with { Statement = _honest[0].Statement, Openings = _honest[0].Openings }], head);
            case Forgery.LeafOutOfOrder:
                return Several([Entry(Size + 1, NewRecord(), 1), next]);
            case Forgery.ForeignOrigin:
                return Several([next with { Leaf = next.Leaf with { Origin = InstituteId.Parse("alpha") } }]);
            case Forgery.RecordTwice:
                var twice = NewRecord();
                return Several([Entry(Size, twice, 1), Entry(Size + 1, twice, 2)]);
            case Forgery.PartContradicted:
                return Several([Entry(Size, _honest[0].Leaf.Record, 2)]);
            case Forgery.VrevRegresses:
                return Several([Entry(Size, _honest[0].Leaf.Record, 1)]);
            case Forgery.LiveSetMismatch:
                return Batch(Size, [next], head with { Tip = true, LiveCount = Size, LiveDigest = Digest.Sha256("no set"u8) });
            case Forgery.BadHeadSignature:
                var other = Batch(Size, [next], head);
                other.Head.Signature = ByteString.CopyFrom(_institute.Identity.ReceiptKey.Sign(Head.PaeType, other.Head.Payload.Span));
                return other;
            case Forgery.FirstSeq:
                var gap = Batch(Size, [next], head);
                gap.FirstSeq++;
                return gap;
            case Forgery.SizeMismatch:
                return Batch(Size, [next], head with { Size = Size + 7 });
            case Forgery.WrongLedger:
                return Batch(Size, [next], head with { Ledger = LedgerId.Read(new byte[LedgerId.SizeBytes]) });
            case Forgery.MalformedBatch:
                var cut = Batch(Size, [next], head);
                cut.Items = ByteString.CopyFrom(cut.Items.Span[..^1]);
                return cut;
            case Forgery.SubtreeMisplaced:
                return Misplaced();
            default:
                throw new InvalidOperationException($"{Forgery} is no batch.");
        }
    }

    private FollowResponse Several(List<ForgedEntry> entries) => Batch(Size, entries, HeadOf(Size + (ulong)entries.Count, RootOf([.. _honest, .. entries])));

    /// <summary>Two entries hidden behind the hash over both, where no subtree of two begins.</summary>
    private FollowResponse Misplaced()
    {
        var entries = new List<ForgedEntry>();
        if (Size % 2 == 0)
            entries.Add(Entry(Size, NewRecord(), 1));
        List<ForgedEntry> hidden = [Entry(Size + (ulong)entries.Count, NewRecord(), 1), Entry(Size + (ulong)entries.Count + 1, NewRecord(), 1)];
        var writer = new BatchWriter();
        entries.ForEach(entry => entry.Write(writer));
        writer.AddOpaque(1, MerkleHash.Node(hidden[0].Leaf.Hash(Ledger), hidden[1].Leaf.Hash(Ledger)));
        List<ForgedEntry> all = [.. _honest, .. entries, .. hidden];
        return new FollowResponse { FirstSeq = Size, Items = ByteString.CopyFrom(writer.ToArray()), Head = Sign(HeadOf((ulong)all.Count, RootOf(all))) };
    }

    private FollowResponse Batch(ulong from, IReadOnlyList<ForgedEntry> entries, Head head)
    {
        var writer = new BatchWriter();
        foreach (var entry in entries)
            entry.Write(writer);
        return new FollowResponse { FirstSeq = from, Items = ByteString.CopyFrom(writer.ToArray()), Head = Sign(head) };
    }

    private ForgedEntry Entry(ulong seq, RecordId record, uint vrev)
    {
        var envelope = new Envelope { Title = $"entry {seq}", Marking = Marking.Green, State = RecordState.Final }.ToByteArray();
        var part = new Part { PracticeStatement = new PracticeStatement { Topic = "trust", Text = $"part {seq} {vrev}" } }.ToByteArray();
        Opening[] openings = [new Opening(0, new UInt128(_rng.Next(), _rng.Next()), envelope), new Opening(_rng.Next() | 1, new UInt128(_rng.Next(), _rng.Next()), part)];
        var parts = openings.Select(opening => new StatementPart(
            opening.Part, 0, PartCommitment.Compute(_institute.Id, record, opening.Part, 0, opening.Salt, opening.Value.Span)));
        var statement = Statement.Encode(_institute.Id, record, (ushort)RecordKind.Practice, RecordLimits.Schema, [.. parts]);
        return new ForgedEntry(new Leaf(LedgerOperation.Disclose, seq, _institute.Id, record, vrev, Digest.Sha256(statement)), statement, openings);
    }

    private RecordId NewRecord() => new(new UInt128(_rng.Next(), _rng.Next()));

    private Head HeadOf(ulong size, Digest root) => new(Ledger, 1, size, root, _nowMs(), false, 1, 0, Digest.Zero);

    private SignedBytes Sign(Head head)
    {
        var payload = head.Encode();
        return new SignedBytes { Payload = ByteString.CopyFrom(payload), Signature = ByteString.CopyFrom(_institute.Identity.HeadKey.Sign(Head.PaeType, payload)) };
    }

    private Digest RootOf(IEnumerable<ForgedEntry> entries)
    {
        var range = new CompactRange();
        foreach (var entry in entries)
            range.Append(entry.Leaf.Hash(Ledger));
        return range.Root();
    }

    private static Digest Subtree(List<Digest> leaves, int level, ulong index) => level == 0
        ? leaves[(int)index]
        : MerkleHash.Node(Subtree(leaves, level - 1, index * 2), Subtree(leaves, level - 1, (index * 2) + 1));
}
