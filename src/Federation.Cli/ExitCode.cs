namespace Federation.Cli;

/// <summary>What the process ends with; listed in <c>federation --help</c>.</summary>
internal static class ExitCode
{
    /// <summary>Everything that was asked for is done.</summary>
    public const int Ok = 0;

    /// <summary>The node, or the file's own content, refused the request.</summary>
    public const int Refused = 1;

    /// <summary>The command line, or a file it names, is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The node could not be reached, or ended the call by going away.</summary>
    public const int Unreachable = 3;

    /// <summary>A signature, hash or check did not hold.</summary>
    public const int VerificationFailed = 4;

    /// <summary>Some of many were done and some were refused.</summary>
    public const int PartlyDone = 5;

    /// <summary>Ctrl-C or a request to terminate came first.</summary>
    public const int Stopped = 130;

    /// <summary>Every code with its meaning, for the help text.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Ok, "done"),
        (Refused, "the request was refused; the reason is printed"),
        (Usage, "wrong usage, or a file that is named cannot be read"),
        (Unreachable, "the node could not be reached"),
        (VerificationFailed, "verification failed: a signature, hash or check did not hold"),
        (PartlyDone, "partly done: some of many were refused"),
        (Stopped, "stopped by Ctrl-C or a request to terminate"),
    ];
}
