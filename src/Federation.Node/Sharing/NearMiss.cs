namespace Federation.Node.Sharing;

/// <summary>Finds what an author may have meant by a word that is not known.</summary>
internal static class NearMiss
{
    // Words of the language are shorter; longer input only costs time.
    private const int MaxWord = 64;

    private const int MaxListed = 16;

    /// <summary>"; did you mean …?" for a word that is near, else the known words where they are few, else nothing.</summary>
    public static string Hint(string word, IReadOnlyList<string> known)
    {
        if (Find(word, known) is { } meant)
            return $"; did you mean '{meant}'?";
        return known.Count <= MaxListed ? "; known: " + string.Join(", ", known) : "";
    }

    /// <summary>The known word that is nearest, if any is near enough.</summary>
    public static string? Find(string word, IReadOnlyList<string> known)
    {
        if (word.Length is 0 or > MaxWord)
            return null;
        var plain = Plain(word);
        string? nearest = null;
        var least = int.MaxValue;
        foreach (var candidate in known)
        {
            var other = Plain(candidate);
            var distance = Distance(plain, other);
            if (distance < least && distance <= Math.Max(plain.Length, other.Length) / 3)
            {
                nearest = candidate;
                least = distance;
            }
        }
        return nearest;
    }

    // Case, '-' and '_' and the prefix of markings are what authors mix up most.
    private static string Plain(string word)
    {
        var lower = word.ToLowerInvariant().Replace('-', '_').Replace('+', '_');
        return lower.StartsWith("tlp:", StringComparison.Ordinal) ? lower[4..] : lower;
    }

    // Levenshtein's distance, with one row kept.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j < row.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[b.Length];
    }
}
