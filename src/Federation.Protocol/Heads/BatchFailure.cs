namespace Federation.Protocol.Heads;

/// <summary>Why a batch was refused.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Detail">A sentence for an operator.</param>
public sealed record BatchFailure(VerificationFailure Kind, string Detail);
