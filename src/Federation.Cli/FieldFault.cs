namespace Federation.Cli;

/// <summary>What is wrong with one field.</summary>
/// <param name="Field">The field's path; empty for the whole.</param>
/// <param name="Description">A sentence.</param>
internal sealed record FieldFault(string Field, string Description);
