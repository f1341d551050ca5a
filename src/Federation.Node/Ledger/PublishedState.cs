namespace Federation.Node.Ledger;

/// <summary>The sizes of all ledgers at one publication.</summary>
/// <param name="Number">Counts publications.</param>
/// <param name="Sizes">The size by partner.</param>
internal sealed record PublishedState(long Number, IReadOnlyDictionary<int, ulong> Sizes)
{
    /// <summary>Completes when the next publication replaces this one.</summary>
    public TaskCompletionSource Superseded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The published size of a partner's ledger.</summary>
    public ulong SizeOf(int partner) => Sizes.GetValueOrDefault(partner);
}
