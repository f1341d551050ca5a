using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Avid;

/// <summary>Maps a measurement to an evaluation result: one subject part an artifact, the run, its scores, and the report's text as claims.</summary>
internal static class AvidResult
{
    private const int ClaimChars = 4096;
    private const int MaxClaims = 64;
    private const int PlatformChars = 512;

    internal static void Map(AvidEntry entry)
    {
        entry.MapEnvelope();
        MapSubjects(entry);
        MapRun(entry);
        AvidScores.Map(entry);
        MapClaims(entry);
    }

    private static void MapSubjects(AvidEntry entry)
    {
        var affects = entry.Fields.Object(entry.Root, "affects");
        var artifacts = entry.Fields.Objects(affects, "artifacts");
        foreach (var artifact in artifacts)
        {
            if (entry.Fields.PeekText(artifact, "name") is not { } name)
            {
                entry.Draft.Losses.Add(artifact, "an artifact without a name is not carried");
                continue;
            }
            if (entry.Fields.PeekText(artifact, "type") is "Dataset")
            {
                entry.Draft.Losses.Add(artifact, "a result has no place for a data set as its subject");
                continue;
            }
            var subject = new SubjectReference { Name = entry.Draft.Cut(name, DraftLimits.NameChars, artifact["name"]) };
            artifact["name"]!.Carry();
            var platform = artifacts.Count == 1 ? PlatformOf(entry, entry.Fields.List(affects, "deployer")) : "";
            entry.Draft.Add("subject", name, new Part { ResultSubject = new ResultSubject { Subject = subject, Platform = platform } });
        }
    }

    /// <summary>Who deploys the only artifact is where it ran, as near as the source comes to saying so.</summary>
    private static string PlatformOf(AvidEntry entry, IReadOnlyList<SourceNode> deployers)
    {
        var names = string.Join("; ", deployers.Select(entry.Fields.TextOf).OfType<string>());
        if (names.Length > PlatformChars)
            return "";
        foreach (var deployer in deployers)
            deployer.Carry();
        return names;
    }

    private static void MapRun(AvidEntry entry)
    {
        var evaluator = string.Join("; ", entry.Credits());
        var run = new Part
        {
            SourceRelation = entry.Relation(),
            ResultRun = new ResultRun
            {
                Evaluator = entry.Draft.Cut(evaluator, DraftLimits.NameChars, entry.Root["credit"] ?? entry.Root["credits"]),
                EvaluationName = EvaluationName(entry),
            },
        };
        entry.MapReferences(run);
        entry.Draft.Add("run", "", run);
    }

    /// <summary>The name of the metrics where they have but one; the source has no other name for what was run.</summary>
    private static string EvaluationName(AvidEntry entry)
    {
        var names = entry.Fields.Objects(entry.Root, "metrics").Select(metric => entry.Fields.PeekText(metric, "name")).OfType<string>().Distinct().ToArray();
        return names is [{ Length: <= DraftLimits.NameChars } name] ? name : "";
    }

    private static void MapClaims(AvidEntry entry)
    {
        var text = entry.Description();
        if (text.Length == 0)
            return;
        var statements = TextCut.Split(text, ClaimChars).ToArray();
        if (statements.Length > MaxClaims)
            entry.Draft.Losses.Add($"/description/value: cut after {MaxClaims} pieces of {ClaimChars} characters");
        var claims = statements.Take(MaxClaims).Select(statement => new ResultClaim { Statement = statement });
        entry.Draft.Add("claims", "", new Part { ResultClaims = new ResultClaims { Claims = { claims } } });
    }
}
