namespace Federation.Formats.Mapping;

/// <summary>What becomes of one field of a source.</summary>
/// <param name="Path">
/// The field as a JSON Pointer in which "*" stands for any index or name, and a closing "**" for everything below.
/// </param>
/// <param name="Label">How well it is carried over.</param>
/// <param name="Target">The message and field that it becomes; empty if it is unmapped.</param>
public sealed record MappingRow(string Path, FieldLabel Label, string Target)
{
    private readonly string[] _segments = Path.Split('/');

    internal bool Matches(string[] segments)
    {
        for (var i = 0; i < _segments.Length; i++)
        {
            if (_segments[i] == "**")
                return true;
            if (i >= segments.Length || (_segments[i] != "*" && _segments[i] != segments[i]))
                return false;
        }
        return _segments.Length == segments.Length;
    }
}
