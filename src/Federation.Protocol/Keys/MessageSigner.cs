namespace Federation.Protocol.Keys;

/// <summary>Signs a message with one private key and answers r and s (IEEE P1363). A simulation passes a deterministic one.</summary>
public delegate byte[] MessageSigner(ReadOnlySpan<byte> message);
