namespace Federation.Node.Storage;

/// <summary>Evidence as it is stored.</summary>
internal sealed record StoredEvidence(
    long Number, int Partner, string Fault, string Detail, long AtMs, IReadOnlyList<EvidenceObject> Objects, int Submitter);
