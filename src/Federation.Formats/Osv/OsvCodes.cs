using System.Text.Json;
using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Osv;

/// <summary>Maps severities to codes: a CVSS vector or a distribution's own level never becomes the severity of the flaw.</summary>
internal static class OsvCodes
{
    private const int MaxCvss = 8;
    private const int MaxOther = 64;
    private const int MaxCwe = 32;
    private const int VectorChars = 256;
    private const int CodeChars = 128;
    private const int SchemeChars = 48;
    private const int CweChars = 16;

    internal static void Map(SourceNode root, SourceFields fields, DraftBuilder draft)
    {
        var codes = new FlawCodes();
        MapSeverities(codes, root, fields, draft);
        foreach (var affected in fields.Objects(root, "affected"))
            MapSeverities(codes, affected, fields, draft);
        // GitHub's database keeps its weaknesses here; what others keep under this name stays unmapped.
        if (root["database_specific"]?["cwe_ids"] is { Kind: JsonValueKind.Array } weaknesses)
            MapWeaknesses(codes, weaknesses, draft);
        if (codes.CalculateSize() > 0)
            draft.Add("codes", "", new Part { FlawCodes = codes });
    }

    private static void MapSeverities(FlawCodes codes, SourceNode owner, SourceFields fields, DraftBuilder draft)
    {
        foreach (var severity in fields.Objects(owner, "severity"))
        {
            if (fields.PeekText(severity, "type") is not { } type || fields.PeekText(severity, "score") is not { } score)
                continue;
            if (score.StartsWith("CVSS:", StringComparison.Ordinal) && score.Length <= VectorChars)
            {
                if (!codes.Cvss.Contains(score))
                {
                    if (!draft.HasRoom(codes.Cvss.Count, MaxCvss, severity))
                        continue;
                    codes.Cvss.Add(score);
                }
            }
            else if (type.Length <= SchemeChars && score.Length <= CodeChars && draft.HasRoom(codes.Other.Count, MaxOther, severity))
            {
                codes.Other.Add(new VocabularyCode { Scheme = $"severity:{type.ToLowerInvariant()}", Code = score });
            }
            else
            {
                continue;
            }
            severity["type"]!.Carry();
            severity["score"]!.Carry();
        }
    }

    private static void MapWeaknesses(FlawCodes codes, SourceNode weaknesses, DraftBuilder draft)
    {
        foreach (var node in weaknesses.Items)
        {
            if (node.Kind is not JsonValueKind.String || node.Text.Length is 0 or > CweChars || !draft.HasRoom(codes.Cwe.Count, MaxCwe, node))
                continue;
            codes.Cwe.Add(node.Text);
            node.Carry();
        }
    }
}
