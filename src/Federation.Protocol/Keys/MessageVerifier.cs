namespace Federation.Protocol.Keys;

/// <summary>Whether r and s (IEEE P1363) are a signature of the message by one public key. Safe for concurrent use; never throws.</summary>
public delegate bool MessageVerifier(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
