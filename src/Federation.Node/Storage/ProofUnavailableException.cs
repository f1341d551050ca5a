namespace Federation.Node.Storage;

/// <summary>Nothing can be proven there: after a loss the partner could give the entries back as one hash alone.</summary>
internal sealed class ProofUnavailableException(string finding) : Exception(finding);
