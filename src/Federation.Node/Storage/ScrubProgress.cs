namespace Federation.Node.Storage;

/// <summary>How far the slow check of one thing has come.</summary>
/// <param name="Name">Names the thing.</param>
/// <param name="Position">Where the next step begins.</param>
/// <param name="DoneMs">When it was last checked whole, in milliseconds since 1970-01-01 UTC; 0 if never.</param>
/// <param name="Faults">How many faults were found.</param>
internal sealed record ScrubProgress(string Name, long Position, long DoneMs, int Faults);
