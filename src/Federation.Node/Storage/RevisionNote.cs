namespace Federation.Node.Storage;

/// <summary>One line of a record's local history.</summary>
internal sealed record RevisionNote(int Revision, string Author, long AtMs, string Summary);
