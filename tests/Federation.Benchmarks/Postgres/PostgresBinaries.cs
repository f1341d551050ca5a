using System.Globalization;

namespace Federation.Benchmarks.Postgres;

/// <summary>Looks for PostgreSQL's server programs where Debian puts them.</summary>
internal static class PostgresBinaries
{
    private const string DebianRoot = "/usr/lib/postgresql";

    /// <summary>The directory of the newest version's programs; null if there is none.</summary>
    public static string? Find()
    {
        if (!Directory.Exists(DebianRoot))
            return null;
        return Directory.GetDirectories(DebianRoot)
            .Where(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out _) && File.Exists(Path.Combine(d, "bin", "initdb")))
            .OrderByDescending(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture))
            .Select(d => Path.Combine(d, "bin"))
            .FirstOrDefault();
    }
}
