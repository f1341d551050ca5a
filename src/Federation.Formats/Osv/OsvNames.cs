using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Osv;

/// <summary>Maps an advisory's own id and its aliases to one aliases part.</summary>
internal static class OsvNames
{
    private const int MaxAliases = 64;
    private const int SchemeChars = 64;

    internal static void Map(SourceNode root, string id, SourceFields fields, DraftBuilder draft)
    {
        var own = new Alias { Scheme = OsvImporter.Format, ExternalId = TextCut.Start(id, DraftLimits.ExternalIdChars) };
        // The Go database names the advisory's page here; others keep other things under this name, which stay unmapped.
        if (root["database_specific"]?["url"] is { Kind: System.Text.Json.JsonValueKind.String, Text.Length: > 0 and <= DraftLimits.UrlChars } url)
        {
            own.Url = url.Text;
            url.Carry();
        }
        var aliases = new Aliases { Aliases_ = { own } };
        foreach (var node in fields.List(root, "aliases"))
        {
            if (fields.TextOf(node) is not { } alias || !draft.HasRoom(aliases.Aliases_.Count, MaxAliases, node))
                continue;
            if (alias.Length > DraftLimits.ExternalIdChars)
            {
                draft.Losses.Add(node, "not carried as an alias: it is too long");
                continue;
            }
            aliases.Aliases_.Add(new Alias { Scheme = SchemeOf(alias), ExternalId = alias });
            node.Carry();
        }
        draft.Add("aliases", "", new Part { Aliases = aliases });
    }

    /// <summary>The database is the prefix of the id: CVE-2026-1234 is a name in "cve".</summary>
    private static string SchemeOf(string alias)
    {
        var dash = alias.IndexOf('-', StringComparison.Ordinal);
        return dash is > 0 and <= SchemeChars ? alias[..dash].ToLowerInvariant() : OsvImporter.Format;
    }
}
