using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Drafting;

/// <summary>Gathers scores into tables, one part a slice, and splits tables that would be too large for a part.</summary>
internal sealed class ScoreTables(DraftBuilder draft, SourceRelation relation)
{
    internal const int MetricIdChars = 64;
    internal const int LevelChars = 128;
    internal const int NoteChars = 2048;
    private const int ScoresPerTable = 1024;
    private const int TableBytes = 96 * 1024;
    private readonly OrderedDictionary<string, List<Part>> _tables = [];

    /// <summary>Adds a score to the table of a name, and answers the part so that evidence can be put on it.</summary>
    internal Part Add(string name, string slice, MetricScore score)
    {
        if (!_tables.TryGetValue(name, out var parts))
            _tables.Add(name, parts = []);
        var size = score.CalculateSize() + 8;
        if (parts.Count == 0 || parts[^1].ResultScores.Scores.Count == ScoresPerTable || parts[^1].CalculateSize() + size > TableBytes)
            parts.Add(new Part { SourceRelation = relation, ResultScores = new ResultScores { Slice = slice } });
        parts[^1].ResultScores.Scores.Add(score);
        return parts[^1];
    }

    internal void Close()
    {
        foreach (var (name, parts) in _tables)
            foreach (var part in parts)
                draft.Add("scores", name, part);
    }

    /// <summary>Sets the value from a JSON number. A number that a double can't repeat stays unmapped as well.</summary>
    internal void SetNumber(MetricScore score, double number, SourceNode node)
    {
        score.Number = number;
        if (ExactNumber.IsExact(node.Text, number))
            node.Carry();
        else
            draft.Losses.Add(node, "the score was rounded to a double");
    }
}
