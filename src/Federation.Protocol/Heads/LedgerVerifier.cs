using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Protocol.Heads;

/// <summary>
/// Verifies consecutive batches of a ledger, for a follower as for an offline audit:
/// 1. the head's signature, over the bytes that are then decoded → <see cref="VerificationFailure.BadHeadSignature"/>;
/// 2. the head against the position → another ledger or incarnation, a smaller size, an earlier time;
/// 3. each item against the ledger, its statement and its commitments, folded into the tree; what another institute wrote must carry that
/// institute's signature under the statement, of which some openings may be left out, but not the envelope's;
/// 4. the tree against the head's size and root.
/// A pure function of its arguments; safe for concurrent use.
/// </summary>
public sealed class LedgerVerifier
{
    private readonly int _maxItems;
    private readonly bool _checkStatementSignatures;
    private readonly Func<InstituteId, KeyRing?>? _origins;

    /// <summary>Creates a verifier.</summary>
    /// <param name="maxItems">The most items that a batch may have: 1 to 65,535, 8,192 by default.</param>
    /// <param name="checkStatementSignatures">
    /// Whether the signatures of forwardable views are checked too. A follower leaves that to a worker, since the head covers every statement.
    /// </param>
    /// <param name="origins">
    /// The keys of another institute whose record the ledger passes on, or null if they are not at hand; without this every entry of another
    /// institute is refused.
    /// </param>
    public LedgerVerifier(int maxItems = 8192, bool checkStatementSignatures = false, Func<InstituteId, KeyRing?>? origins = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItems, 1);
        _maxItems = maxItems;
        _checkStatementSignatures = checkStatementSignatures;
        _origins = origins;
    }

    /// <summary>Verifies one batch. Never throws, whatever its bytes; the entries refer to <paramref name="items"/>, which must not change.</summary>
    /// <param name="from">Where the ledger stood; unchanged.</param>
    /// <param name="items">The batch's items (<see cref="BatchFrame"/>).</param>
    /// <param name="headBytes">The batch's head.</param>
    /// <param name="headSignature">The head's encoded signature.</param>
    /// <param name="keys">The originator's keys.</param>
    public BatchVerdict Verify(
        VerifiedPosition from, ReadOnlyMemory<byte> items, ReadOnlySpan<byte> headBytes, ReadOnlySpan<byte> headSignature, KeyRing keys)
    {
        // 1. and 2.
        if (CheckHead(from, headBytes, headSignature, keys, out var head) is { } headFailure)
            return BatchVerdict.Refused(headFailure);

        // 3.
        if (!BatchFrame.TryRead(items, _maxItems, out var framed, out var error))
            return Refused(VerificationFailure.MalformedBatch, error);
        var range = from.Range;
        var entries = new List<VerifiedEntry>(framed.Count);
        var opaque = new List<OpaqueSubtree>();
        foreach (var item in framed)
        {
            if (item.Type == BatchItemType.Opaque)
            {
                if (!range.CanAppendSubtree(item.Level))
                    return Refused(VerificationFailure.SubtreeMisplaced, $"No subtree of level {item.Level} starts at {range.Size}.");
                opaque.Add(new OpaqueSubtree(range.Size, item.Level, item.Hash));
                range.AppendSubtree(item.Level, item.Hash);
                continue;
            }
            if (CheckEntry(from, range.Size, item, keys, out var entry) is { } entryFailure)
                return BatchVerdict.Refused(entryFailure);
            entries.Add(entry);
            range.Append(entry.LeafHash);
        }

        // 4.
        if (range.Size != head.Size)
            return Refused(VerificationFailure.SizeMismatch, $"The items end at {range.Size} and the head is of size {head.Size}.");
        var root = range.Root();
        if (root != head.Root)
            return Refused(VerificationFailure.RootMismatch, $"At size {head.Size} the items give root {root} and the head says {head.Root}.");
        return BatchVerdict.Accepted(from.Advance(range, head), entries, opaque);
    }

    /// <summary>
    /// Verifies one entry by itself: its statement and openings against its leaf; null if they hold. Whether the leaf is in the tree is shown
    /// by its audit path, and is not looked at. Never throws, whatever its bytes.
    /// </summary>
    public BatchFailure? VerifyEntry(VerifiedPosition position, in BatchItem item, KeyRing keys, out VerifiedEntry entry) =>
        CheckEntry(position, item.Leaf.Seq, item, keys, out entry);

    private static BatchFailure? CheckHead(
        VerifiedPosition from, ReadOnlySpan<byte> headBytes, ReadOnlySpan<byte> headSignature, KeyRing keys, out Head head)
    {
        var isSigned = keys.Verify(KeyPurpose.Head, Head.PaeType, headBytes, headSignature);
        var isHead = Head.TryDecode(headBytes, out var decoded, out var error);
        head = decoded!;
        if (!isSigned)
        {
            // Unsigned bytes decide nothing here but which of two refusals is given.
            return isHead && head.ManifestNo > keys.ManifestNumber
                ? new(VerificationFailure.ManifestUnknown, $"The head names manifest {head.ManifestNo} and {keys.ManifestNumber} is the latest known.")
                : new(VerificationFailure.BadHeadSignature, "The head is not signed by an active head key.");
        }
        if (!isHead)
            return new(VerificationFailure.MalformedHead, error);
        if (head.Ledger != from.Ledger)
            return new(VerificationFailure.WrongLedger, $"The head is of ledger {head.Ledger}, not of {from.Ledger}.");
        if (head.Incarnation != from.Incarnation)
            return new(VerificationFailure.WrongIncarnation, $"The head is of incarnation {head.Incarnation}, not of {from.Incarnation}.");
        if (head.Size < from.Size)
            return new(VerificationFailure.HeadShrinks, $"The head is of size {head.Size} and {from.Size} entries were signed before.");
        if (from.LastHead is { } last && head.TimeMs < last.TimeMs)
            return new(VerificationFailure.HeadTimeRegresses, $"The head is of time {head.TimeMs} and the last one of {last.TimeMs}.");
        return null;
    }

    private BatchFailure? CheckEntry(VerifiedPosition from, ulong seq, in BatchItem item, KeyRing keys, out VerifiedEntry entry)
    {
        entry = null!;
        var leaf = item.Leaf;
        if (leaf.Seq != seq)
            return new(VerificationFailure.LeafOutOfOrder, $"The leaf says {leaf.Seq} and {seq} is next.");
        var forwarded = leaf.Origin != from.Origin;
        if (forwarded && (_origins is null || (leaf.Operation == LedgerOperation.Disclose && item.Signature.IsEmpty)))
            return new(VerificationFailure.ForeignOrigin, $"Entry {seq} is of {leaf.Origin} in a ledger of {from.Origin}, and nothing of {leaf.Origin} proves it.");
        Statement? statement = null;
        List<Opening> openings = [];
        var provenance = forwarded ? EntryProvenance.Forwarded : EntryProvenance.Direct;
        if (leaf.Operation != LedgerOperation.Disclose)
        {
            if (item.Statement.Length + item.Signature.Length + item.Openings.Length != 0)
                return new(VerificationFailure.StatementMismatch, $"Entry {seq} discloses nothing and carries a statement.");
        }
        else if (CheckView(item, forwarded, out statement, out openings) is { } failure)
        {
            return failure with { Detail = $"Entry {seq}: {failure.Detail}" };
        }
        else if ((forwarded ? _origins!(leaf.Origin) : keys) is not { } signers)
        {
            provenance = EntryProvenance.ForwardedUnproven;
        }
        else if (CheckSignature(item, signers, forwarded) is { } unsigned)
        {
            return unsigned with { Detail = $"Entry {seq}: {unsigned.Detail}" };
        }
        entry = new VerifiedEntry(item, leaf.Hash(from.Ledger), statement, openings, provenance);
        return null;
    }

    // What another institute wrote is shown by its signature alone; for its own statements the head of the ledger stands.
    private BatchFailure? CheckSignature(in BatchItem item, KeyRing keys, bool forwarded)
    {
        if (!forwarded && (!_checkStatementSignatures || item.Signature.IsEmpty))
            return null;
        if (keys.Verify(KeyPurpose.Statement, Statement.PaeType, item.Statement.Span, item.Signature.Span))
            return null;
        return forwarded
            ? new(VerificationFailure.ForeignOrigin, $"the statement is not signed by an active statement key of {item.Leaf.Origin}, whose record it claims to be.")
            : new(VerificationFailure.StatementSignatureInvalid, "the statement is not signed by an active statement key.");
    }

    private static BatchFailure? CheckView(in BatchItem item, bool forwarded, out Statement? statement, out List<Opening> openings)
    {
        openings = [];
        var leaf = item.Leaf;
        if (Digest.Sha256(item.Statement.Span) != leaf.StatementHash)
        {
            statement = null;
            return new(VerificationFailure.StatementMismatch, "the statement is not the one that the leaf names.");
        }
        if (!Statement.TryDecode(item.Statement.Span, out statement, out var error))
            return new(VerificationFailure.StatementMismatch, error);
        if (statement.Origin != leaf.Origin || statement.Record != leaf.Record)
            return new(VerificationFailure.StatementMismatch, "the statement is of another record than the leaf.");
        if (!Openings.TryDecode(item.Openings, statement.PartSpan.Length, out openings, out error)
            || !StatementCheck.TryOpen(statement, openings, out error, requireAll: !forwarded))
        {
            return new(VerificationFailure.CommitmentMismatch, error);
        }
        if (openings.Count == 0 || openings[0].Part != 0)
            return new(VerificationFailure.CommitmentMismatch, "the envelope is not opened.");
        return null;
    }

    private static BatchVerdict Refused(VerificationFailure kind, string detail) => BatchVerdict.Refused(new BatchFailure(kind, detail));
}
