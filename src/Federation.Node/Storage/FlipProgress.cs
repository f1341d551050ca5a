namespace Federation.Node.Storage;

/// <summary>How far the records that refer to one record have been judged again after it came into sight of a partner or went out of it.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="Target">The local number of the record whose visibility flipped.</param>
/// <param name="Position">Referrers up to this local number are done.</param>
/// <param name="Done">Whether all of them are.</param>
internal sealed record FlipProgress(int Partner, long Target, long Position, bool Done);
