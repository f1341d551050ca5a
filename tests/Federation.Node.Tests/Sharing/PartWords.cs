namespace Federation.Node.Tests.Sharing;

/// <summary>The handling of a part type as an author writes it.</summary>
internal sealed record PartWords(string Type, string MaxMarking, EmbargoWords Embargo)
{
    public string ToYaml() =>
        Embargo == EmbargoWords.None ? $"{Type}: {{max_marking: {MaxMarking}}}" : $"{Type}: {{max_marking: {MaxMarking}, embargo: {Embargo.ToYaml()}}}";
}
