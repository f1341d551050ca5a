namespace Federation.Simulation.Conformance;

/// <summary>Every compared behaviour by name; a case returns what it saw, in words.</summary>
internal static class ConformanceCases
{
    public static SortedDictionary<string, Func<ConformanceStage, Task<string>>> All { get; } = Collect();

    private static SortedDictionary<string, Func<ConformanceStage, Task<string>>> Collect()
    {
        var all = new SortedDictionary<string, Func<ConformanceStage, Task<string>>>(StringComparer.Ordinal);
        foreach (var type in new[] { typeof(UnaryCases), typeof(StreamCases) })
        {
            foreach (var method in type.GetMethods().Where(static method => method.ReturnType == typeof(Task<string>)))
                all.Add(method.Name, method.CreateDelegate<Func<ConformanceStage, Task<string>>>());
        }

        return all;
    }
}
