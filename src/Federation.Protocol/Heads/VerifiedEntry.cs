using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Protocol.Heads;

/// <summary>An entry that is under a verified head. The memories are slices of the batch, valid as long as that is.</summary>
public sealed class VerifiedEntry
{
    internal VerifiedEntry(in BatchItem item, Digest leafHash, Statement? statement, List<Opening> openings, EntryProvenance provenance)
    {
        Leaf = item.Leaf;
        LeafHash = leafHash;
        Statement = statement;
        Openings = openings;
        StatementBytes = item.Statement;
        OpeningsBytes = item.Openings;
        Signature = item.Signature;
        Provenance = provenance;
    }

    /// <summary>Who stands for the content.</summary>
    public EntryProvenance Provenance { get; }

    /// <summary>The entry's leaf.</summary>
    public Leaf Leaf { get; }

    /// <summary>The leaf's hash in the ledger's tree.</summary>
    public Digest LeafHash { get; }

    /// <summary>The statement of a DISCLOSE; null for WITHDRAW and ERASE.</summary>
    public Statement? Statement { get; }

    /// <summary>The openings of all parts that the statement lists, of some of them if the entry is forwarded; empty for WITHDRAW and ERASE.</summary>
    public IReadOnlyList<Opening> Openings { get; }

    /// <summary>The statement's bytes, as hashed.</summary>
    public ReadOnlyMemory<byte> StatementBytes { get; }

    /// <summary>The openings as framed.</summary>
    public ReadOnlyMemory<byte> OpeningsBytes { get; }

    /// <summary>The statement's encoded signature; empty unless the view may be forwarded. Verified if it was, and else only if that was asked for.</summary>
    public ReadOnlyMemory<byte> Signature { get; }
}
