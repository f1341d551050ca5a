using Federation.Node.Records;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Tests.Storage;

/// <summary>
/// Compares an originator's store with a follower's, both at rest: the entries applied begin the ledger, the live records are the same
/// (I7), each opened part is the originator's own bytes, and the receipt speaks of what the follower has (I17).
/// </summary>
internal static class ReplicaCheck
{
    public static async Task<IReadOnlyList<string>> FindAsync(
        (INodeStore Store, int Partner) origin, (INodeStore Store, int Partner) follower, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        var head = await origin.Store.ReadHeadAsync(origin.Partner, cancellationToken);
        var entries = await OwnLedgerCheck.ReadEntriesAsync(origin.Store, origin.Partner, cancellationToken);
        var leaves = entries.ConvertAll(e => OwnLedgerCheck.LeafHash(head!.Ledger, e));
        var row = (await follower.Store.ReadNodeAsync(cancellationToken)).Followers.Single(f => f.Partner == follower.Partner);
        if (row.Ledger != head!.Ledger || row.Size != head.Size)
            findings.Add($"the follower stands at {row.Size} of ledger {row.Ledger}, the originator at {head.Size} of {head.Ledger}");
        if (row.Head.Length > 0 && Head.TryDecode(row.Head, out var held, out _) && held.Root != TreeRoot.Of(leaves[..(int)row.Size]))
            findings.Add("the follower's head is no prefix of the ledger");
        if (!row.Buckets.AsSpan().SequenceEqual(head.Buckets))
            findings.Add("I7: the follower's live entries are not the originator's");
        await CheckReceiptAsync(origin, row, leaves, findings, cancellationToken);
        foreach (var name in entries.Select(e => e.Name).Distinct())
            await CheckRecordAsync(origin.Store, follower, name, findings, cancellationToken);
        return findings;
    }

    private static async Task CheckReceiptAsync(
        (INodeStore Store, int Partner) origin, FollowRow row, List<Digest> leaves, List<string> findings, CancellationToken cancellationToken)
    {
        if (await origin.Store.ReadReceiptAsync(origin.Partner, cancellationToken) is not { } signed)
            return;
        if (!Receipt.TryDecode(signed.Payload, out var receipt, out var error))
            findings.Add($"the receipt can't be read: {error}");
        else if (receipt.Size > row.Size || receipt.Root != TreeRoot.Of(leaves[..(int)receipt.Size]))
            findings.Add($"I17: a receipt over {receipt.Size} entries and the follower has {row.Size}, or over others");
    }

    private static async Task CheckRecordAsync(
        INodeStore origin, (INodeStore Store, int Partner) follower, RecordName name, List<string> findings, CancellationToken cancellationToken)
    {
        var own = (await origin.ReadRecordAsync(name, cancellationToken)).Single(r => r.Source == 0);
        var copies = (await follower.Store.ReadRecordAsync(name, cancellationToken)).Where(r => r.Source == follower.Partner && r.Body is not null).ToList();
        if (copies.Count > 1)
            findings.Add($"record {name.Id} is held {copies.Count} times");
        if (copies.Count == 0 || own.Body is null)
            return;
        var parts = StoredContent.Open(own).Parts.ToDictionary(p => p.Shape.Part);
        foreach (var part in StoredContent.Open(copies[0]).Parts)
        {
            if (!parts.TryGetValue(part.Shape.Part, out var issued) || issued.Salt != part.Salt || !issued.Value.Span.SequenceEqual(part.Value.Span))
                findings.Add($"part {part.Shape.Part} of record {name.Id} is not what the originator wrote");
        }
    }
}
