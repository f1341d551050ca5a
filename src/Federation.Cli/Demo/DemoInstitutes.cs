namespace Federation.Cli.Demo;

/// <summary>The signatories of the Seoul Statement, in the order in which the demo adds them; the first three have samples of their own.</summary>
internal static class DemoInstitutes
{
    public const int Fewest = 3;

    public const int Most = 11;

    /// <summary>Of more than these the tables show totals only.</summary>
    public const int MostInDetail = 4;

    private static readonly (string Id, string Name)[] All =
    [
        ("uk", "United Kingdom"),
        ("jp", "Japan"),
        ("sg", "Singapore"),
        ("us", "United States"),
        ("kr", "Republic of Korea"),
        ("au", "Australia"),
        ("ca", "Canada"),
        ("eu", "European Union"),
        ("fr", "France"),
        ("de", "Germany"),
        ("it", "Italy"),
    ];

    public static IReadOnlyList<(string Id, string Name)> Take(int count) => All[..count];
}
