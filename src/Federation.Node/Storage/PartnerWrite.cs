using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>Adds a partner or changes its card and switches.</summary>
internal sealed record PartnerWrite
{
    /// <summary>The partner's institute id.</summary>
    public required InstituteId Institute { get; init; }

    /// <summary>The partner's card.</summary>
    public required byte[] Card { get; init; }

    /// <summary>The fingerprint of its root key; another one than the pinned one is refused.</summary>
    public required Digest RootFingerprint { get; init; }

    /// <summary>Whether the node keeps a ledger for it.</summary>
    public required bool Share { get; init; }

    /// <summary>Whether the node follows its ledger.</summary>
    public required bool Follow { get; init; }

    /// <summary>The id of the partner's ledger, if it has none yet.</summary>
    public required LedgerId NewLedger { get; init; }
}
