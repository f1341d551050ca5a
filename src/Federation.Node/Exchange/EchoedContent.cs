namespace Federation.Node.Exchange;

/// <summary>What a follower holds of a record: the statement and the openings as they were sent to it.</summary>
/// <param name="Seq">The entry under which it was sent.</param>
/// <param name="Statement">The statement.</param>
/// <param name="Openings">The openings as framed.</param>
internal sealed record EchoedContent(ulong Seq, byte[] Statement, byte[] Openings)
{
    /// <summary>The bytes that it keeps in memory.</summary>
    public int SizeBytes => Statement.Length + Openings.Length;
}
