namespace Federation.Node.Operations;

/// <summary>The check of one thing, in steps that each read a bounded amount.</summary>
/// <param name="Item">What is checked.</param>
/// <param name="Partner">The partner that it concerns; 0 if it is the node's own.</param>
/// <param name="Fault">The code under which a finding is kept.</param>
/// <param name="Resumes">Whether a pass may begin in the middle.</param>
/// <param name="Step">Checks on from a position, and returns the next one.</param>
/// <param name="Finish">Checks what only the whole can show.</param>
/// <param name="Stands">Whether what is checked is still there: another incarnation may have begun, or a recovery put another end in its place.</param>
internal sealed record ScrubTask(
    ScrubItem Item,
    int Partner,
    string Fault,
    bool Resumes,
    Func<ulong, ScrubReport, CancellationToken, Task<ulong>> Step,
    Func<ScrubReport, CancellationToken, Task> Finish,
    Func<CancellationToken, Task<bool>> Stands)
{
    /// <summary>The term of the own ledger that is checked.</summary>
    public long? Term { get; init; }

    /// <summary>The incarnation of the followed ledger that is checked.</summary>
    public uint? Incarnation { get; init; }
}
