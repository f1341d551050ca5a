using Federation.Formats.Reading;
using Federation.V1.Records;
using Google.Protobuf.Collections;

namespace Federation.Formats.Avid;

/// <summary>
/// Maps the taxonomies of an entry to codes. Scores and levels of other scales (CVSS, 0DIN) stay codes: none of them becomes the severity of the flaw.
/// </summary>
internal static class AvidCodes
{
    private const int CodeChars = 128;
    private const int LabelChars = 256;
    private const int VersionChars = 32;
    private const int VectorChars = 256;
    private const int CweChars = 16;
    private const int MaxSep = 32;
    private const int MaxLifecycle = 8;
    private const int MaxCwe = 32;
    private const int MaxCvss = 8;
    private const int MaxOther = 64;

    internal static void Map(AvidEntry entry)
    {
        var codes = new FlawCodes();
        MapClass(entry, codes);
        var impact = entry.Fields.Object(entry.Root, "impact");
        MapTaxonomy(entry, codes, entry.Fields.Object(impact, "avid"));
        MapWeaknesses(entry, codes, impact);
        MapVector(entry, codes, entry.Fields.Object(impact, "cvss"));
        MapOdin(entry, codes, entry.Fields.Object(impact, "odin"));
        if (codes.CalculateSize() > 0)
            entry.Draft.Add("codes", "", new Part { FlawCodes = codes });
    }

    private static void MapClass(AvidEntry entry, FlawCodes codes)
    {
        if (entry.Fields.PeekText(entry.Problem, "classof") is { } name)
            Add(entry, codes.Other, MaxOther, new VocabularyCode { Scheme = "avid-class", Code = name }, entry.Problem!["classof"]!);
    }

    private static void MapTaxonomy(AvidEntry entry, FlawCodes codes, SourceNode? avid)
    {
        var version = entry.Fields.PeekText(avid, "taxonomy_version") ?? "";
        if (version.Length > VersionChars)
            version = "";
        AddLabelled(entry, codes.AvidSep, MaxSep, "avid-sep", version, entry.Fields.List(avid, "sep_view"));
        AddLabelled(entry, codes.AvidLifecycle, MaxLifecycle, "avid-lifecycle", version, entry.Fields.List(avid, "lifecycle_view"));
        AddLabelled(entry, codes.Other, MaxOther, "avid-risk-domain", version, entry.Fields.List(avid, "risk_domain"));
        if (version.Length > 0 && codes.AvidSep.Count + codes.AvidLifecycle.Count > 0)
            avid!["taxonomy_version"]!.Carry();
    }

    /// <summary>AVID writes code and label as one text, "S0403: Adversarial Example".</summary>
    private static void AddLabelled(
        AvidEntry entry, RepeatedField<VocabularyCode> list, int limit, string scheme, string version, IReadOnlyList<SourceNode> items)
    {
        foreach (var item in items)
        {
            if (entry.Fields.TextOf(item) is not { } text)
                continue;
            var colon = text.IndexOf(": ", StringComparison.Ordinal);
            var code = colon < 0 ? text : text[..colon];
            var label = colon < 0 ? "" : text[(colon + 2)..];
            Add(entry, list, limit, new VocabularyCode { Scheme = scheme, Version = version, Code = code, Label = label }, item);
        }
    }

    private static void MapWeaknesses(AvidEntry entry, FlawCodes codes, SourceNode? impact)
    {
        foreach (var weakness in entry.Fields.Objects(impact, "cwe"))
        {
            if (entry.Fields.PeekText(weakness, "cweId") is not { Length: <= CweChars } id || !entry.Draft.HasRoom(codes.Cwe.Count, MaxCwe, weakness))
                continue;
            codes.Cwe.Add(id);
            weakness["cweId"]!.Carry();
        }
    }

    private static void MapVector(AvidEntry entry, FlawCodes codes, SourceNode? cvss)
    {
        if (entry.Fields.PeekText(cvss, "vectorString") is not { Length: <= VectorChars } vector)
            return;
        if (!vector.StartsWith("CVSS:", StringComparison.Ordinal) || !entry.Draft.HasRoom(codes.Cvss.Count, MaxCvss, cvss!))
            return;
        codes.Cvss.Add(vector);
        cvss!["vectorString"]!.Carry();
    }

    private static void MapOdin(AvidEntry entry, FlawCodes codes, SourceNode? odin)
    {
        if (entry.Fields.PeekText(odin, "SocialImpactScore") is { } score)
            AddLabelled(entry, codes.Other, MaxOther, "0din-social-impact", "", [odin!["SocialImpactScore"]!]);
        foreach (var step in entry.Fields.Objects(odin, "JailbreakTaxonomy"))
        {
            string[] names = ["Category", "Strategy", "Technique"];
            var path = names.Select(name => entry.Fields.PeekText(step, name)).OfType<string>().ToArray();
            var code = new VocabularyCode { Scheme = "0din-jailbreak", Code = string.Join('/', path) };
            if (path.Length > 0 && Add(entry, codes.Other, MaxOther, code, step))
                foreach (var name in names)
                    step[name]?.Carry();
        }
    }

    private static bool Add(AvidEntry entry, RepeatedField<VocabularyCode> list, int limit, VocabularyCode code, SourceNode node)
    {
        if (code.Code.Length > CodeChars || code.Label.Length > LabelChars)
        {
            entry.Draft.Losses.Add(node, "not carried as a code: it is too long");
            return false;
        }
        if (!entry.Draft.HasRoom(list.Count, limit, node))
            return false;
        list.Add(code);
        node.Carry();
        return true;
    }
}
