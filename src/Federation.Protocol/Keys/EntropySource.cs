namespace Federation.Protocol.Keys;

/// <summary>Fills a buffer with bytes that nobody can predict: keys, salts' keys, nonces, part ids and record ids come from here.</summary>
/// <param name="destination">The buffer; it is filled whole.</param>
public delegate void EntropySource(Span<byte> destination);
