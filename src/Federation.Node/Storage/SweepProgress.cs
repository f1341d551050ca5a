namespace Federation.Node.Storage;

/// <summary>How far a partner's sweep has come.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="Epoch">The policy epoch that the sweep is for; another one in the store refuses the batch.</param>
/// <param name="Position">Every record up to this local number is done.</param>
/// <param name="Done">Whether the sweep is over.</param>
internal sealed record SweepProgress(int Partner, long Epoch, long Position, bool Done);
