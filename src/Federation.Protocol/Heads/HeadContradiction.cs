namespace Federation.Protocol.Heads;

/// <summary>Whether two heads that one institute signed can't both be true (R3).</summary>
public static class HeadContradiction
{
    /// <summary>
    /// What can't be true of both, in words; null if both may be. Only heads of one size prove anything by themselves: whether a smaller one is
    /// a prefix of a larger one takes a proof.
    /// </summary>
    public static string? Find(Head first, Head second)
    {
        if (first.Ledger != second.Ledger || first.Incarnation != second.Incarnation || first.Size != second.Size)
            return null;
        if (first.Root != second.Root)
            return $"at size {first.Size} of ledger {first.Ledger}/{first.Incarnation} one head says root {first.Root} and another {second.Root}";
        return first.Tip && second.Tip && (first.LiveCount != second.LiveCount || first.LiveDigest != second.LiveDigest)
            ? $"at size {first.Size} of ledger {first.Ledger}/{first.Incarnation} two heads of one root say different live entries"
            : null;
    }
}
