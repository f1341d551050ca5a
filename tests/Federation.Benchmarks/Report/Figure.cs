namespace Federation.Benchmarks.Report;

/// <summary>One measured figure, as text.</summary>
internal sealed record Figure(string Benchmark, string What, string Value, string Bar);
