namespace Federation.Cli.Output;

/// <summary>Writes to standard error why a command failed.</summary>
internal static class FailureText
{
    /// <summary>Writes the failure and answers its exit code.</summary>
    public static int Write(CommandScope scope, CommandFailureException failure) =>
        scope.IsJson ? WriteJson(scope.Error, failure) : WriteText(scope.Error, failure);

    public static int WriteJson(TextWriter error, CommandFailureException failure)
    {
        var details = new { failure.Reason, failure.Message, failure.BadFields, failure.ExitCode };
        error.WriteLine(JsonText.Of(new { Error = details }));
        return failure.ExitCode;
    }

    private static int WriteText(TextWriter error, CommandFailureException failure)
    {
        error.WriteLine($"federation: {SafeText.Of(failure.Message)} ({failure.Reason})");
        foreach (var fault in failure.BadFields)
            error.WriteLine($"  {Line(fault)}");
        return failure.ExitCode;
    }

    /// <summary>A field with what is wrong with it, on one line.</summary>
    public static string Line(FieldFault fault) =>
        fault.Field.Length == 0 ? SafeText.Of(fault.Description) : SafeText.Of($"{fault.Field}: {fault.Description}");
}
