namespace Federation.Cli;

/// <summary>A command cannot go on: what is printed, and the code that the process ends with.</summary>
internal sealed class CommandFailureException : Exception
{
    public CommandFailureException(int exitCode, string reason, string message, IReadOnlyList<FieldFault>? badFields = null, Exception? cause = null)
        : base(message, cause)
    {
        ExitCode = exitCode;
        Reason = reason;
        BadFields = badFields ?? [];
    }

    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; }

    /// <summary>A name in upper snake case: the node's reason, or one of the CLI's own.</summary>
    public string Reason { get; }

    /// <summary>The fields to blame.</summary>
    public IReadOnlyList<FieldFault> BadFields { get; }

    public static CommandFailureException Usage(string message) => new(Cli.ExitCode.Usage, "USAGE", message);

    public static CommandFailureException Unreachable(string message, Exception? cause = null) =>
        new(Cli.ExitCode.Unreachable, "NODE_UNREACHABLE", message, cause: cause);

    public static CommandFailureException Unverified(string message) => new(Cli.ExitCode.VerificationFailed, "VERIFICATION_FAILED", message);
}
