using System.Globalization;

namespace Federation.Node.Sharing;

/// <summary>One thing in a policy's text that this program does not understand or accept.</summary>
/// <param name="File">The name of the file as the caller gave it.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1, in UTF-16 code units.</param>
/// <param name="Message">What is wrong, with a suggestion where there is one.</param>
internal sealed record PolicyFault(string File, int Line, int Column, string Message)
{
    /// <summary>The form that editors and terminals turn into a link.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Message}");
}
