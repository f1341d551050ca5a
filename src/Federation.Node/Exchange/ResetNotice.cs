using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.V1.Exchange;

namespace Federation.Node.Exchange;

/// <summary>Reads what an originator says of an incarnation that has ended. Whatever it says, the follower stops: only an operator lets it go on.</summary>
internal static class ResetNotice
{
    /// <summary>The halt that follows: with the reset if the partner's root has signed it for this ledger, else as a fault.</summary>
    public static LedgerHaltedException Read(Partner partner, FollowRow row, HelloResponse hello)
    {
        var objects = HaltEvidence.Of(hello, HaltEvidence.HeldBy(row));
        if (hello.LedgerResets.Count is 0 or > RetiredLedgers.MaxResets)
            return new LedgerHaltedException("RESET_INVALID", "the partner says that the ledger has ended and shows no reset", objects);
        LedgerReset? last = null;
        foreach (var signed in hello.LedgerResets)
        {
            if (!TryVerify(partner, row.Ledger, signed.Payload.Span, signed.Signature.Span, out var reset, out var error) || reset.NewIncarnation <= (last?.NewIncarnation ?? row.Incarnation))
                return new LedgerHaltedException("RESET_INVALID", $"a reset does not hold: {error}", objects);
            last = reset;
        }

        var final = hello.LedgerResets[^1];
        var detail = $"incarnation {last!.NewIncarnation} follows {row.Incarnation} ({last.Reason}: {last.Text}); an operator has to accept it";
        return new LedgerHaltedException("LEDGER_RESET", detail, objects)
        {
            Reset = new ResetNote(last.NewIncarnation, final.Payload.ToByteArray(), final.Signature.ToByteArray()),
        };
    }

    /// <summary>Whether the partner's root signed these bytes as a reset of this ledger.</summary>
    public static bool TryVerify(
        Partner partner, LedgerId ledger, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LedgerReset? reset, out string error)
    {
        reset = null;
        error = "it is not signed by the partner's root";
        if (!partner.Keys.VerifyByRoot(LedgerReset.PaeType, payload, signature) || !LedgerReset.TryDecode(payload, out var decoded, out error))
            return false;
        error = "it is of another institute or another ledger";
        if (decoded.Origin != partner.Institute || decoded.Ledger != ledger)
            return false;
        (reset, error) = (decoded, "");
        return true;
    }
}
