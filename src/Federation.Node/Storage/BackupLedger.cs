namespace Federation.Node.Storage;

/// <summary>How far a ledger had come at the moment of a backup.</summary>
/// <param name="Partner">The partner's institute id.</param>
/// <param name="Outbound">Whether it is the node's own ledger for the partner; otherwise the partner's that the node follows.</param>
/// <param name="Ledger">The ledger's id, lower-case hexadecimal.</param>
/// <param name="Incarnation">The ledger's incarnation.</param>
/// <param name="Size">The number of entries.</param>
internal sealed record BackupLedger(string Partner, bool Outbound, string Ledger, long Incarnation, long Size);
