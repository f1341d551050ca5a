using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>The originator's signature under one statement.</summary>
internal readonly record struct ViewSignature(Digest StatementHash, long Rec, byte[] Signature);
