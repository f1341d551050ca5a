namespace Federation.Formats;

/// <summary>One reason why a file was refused.</summary>
/// <param name="Path">The field as a JSON Pointer (RFC 6901); empty means the file as a whole.</param>
/// <param name="Message">What is wrong with it, as a sentence for people.</param>
public sealed record ImportFault(string Path, string Message);
