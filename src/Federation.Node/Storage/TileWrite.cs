namespace Federation.Node.Storage;

/// <summary>One tile of a ledger's tree: up to 256 hashes of one level.</summary>
internal sealed record TileWrite(int Level, long Index, byte[] Hashes);
