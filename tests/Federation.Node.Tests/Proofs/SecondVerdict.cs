namespace Federation.Node.Tests.Proofs;

/// <summary>What the second verifier says of a file. What a kind of file does not have is left at its default.</summary>
internal sealed record SecondVerdict
{
    public string File { get; init; } = "";

    public bool Verified { get; init; }

    public string Fault { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Origin { get; init; } = "";

    public string Follower { get; init; } = "";

    public string Exporter { get; init; } = "";

    public string Ledger { get; init; } = "";

    public uint Incarnation { get; init; }

    public string TreeRoot { get; init; } = "";

    public string HeadKey { get; init; } = "";

    public ulong Size { get; init; }

    public ulong Entries { get; init; }

    public ulong Shown { get; init; }

    public ulong Live { get; init; }

    public int Receipts { get; init; }

    public ulong? Receipt { get; init; }
}
