using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Avid;

/// <summary>Maps an entry to a flaw.</summary>
internal static class AvidFlaw
{
    private const int DescriptionChars = 16384;
    private const int NameChars = 256;

    internal static void Map(AvidEntry entry)
    {
        entry.MapEnvelope();
        var summary = new Part
        {
            SourceRelation = entry.Relation(),
            FlawSummary = new FlawSummary
            {
                Type = TypeOf(entry),
                Description = entry.Draft.Cut(entry.Description(), DescriptionChars, entry.Root["description"]?["value"]),
            },
        };
        entry.MapReferences(summary);
        entry.Draft.Add("summary", "", summary);
        MapAffected(entry);
        AvidCodes.Map(entry);
    }

    private static FlawType TypeOf(AvidEntry entry)
    {
        var type = entry.Fields.PeekText(entry.Problem, "type") switch
        {
            "Issue" => FlawType.Issue,
            "Advisory" => FlawType.Advisory,
            "Measurement" => FlawType.Measurement,
            "Detection" => FlawType.Detection,
            _ => FlawType.Unspecified,
        };
        if (type is not FlawType.Unspecified)
            entry.Problem!["type"]!.Carry();
        return type;
    }

    private static void MapAffected(AvidEntry entry)
    {
        var affects = entry.Fields.Object(entry.Root, "affects");
        var artifacts = entry.Fields.Objects(affects, "artifacts");
        var developers = entry.Fields.List(affects, "developer");
        foreach (var artifact in artifacts)
        {
            if (entry.Fields.PeekText(artifact, "name") is not { } name)
            {
                entry.Draft.Losses.Add(artifact, "an artifact without a name is not carried");
                continue;
            }
            var affected = new FlawAffected { Type = TypeOf(entry.Fields.PeekText(artifact, "type")) };
            var cut = entry.Draft.Cut(name, NameChars, artifact["name"]);
            if (affected.Type is AffectedType.Dataset)
                affected.DatasetName = cut;
            else
                affected.Subject = new SubjectReference { Name = cut };
            artifact["name"]!.Carry();
            if (affected.Type is not AffectedType.Unspecified)
                artifact["type"]!.Carry();
            affected.Developer = DeveloperOf(entry, artifacts, developers);
            entry.Draft.Add("affected", $"{affected.Type}:{name}", new Part { FlawAffected = affected });
        }
    }

    /// <summary>The lists of artifacts and developers aren't aligned, so that only a single artifact can be given its developers.</summary>
    private static string DeveloperOf(AvidEntry entry, IReadOnlyList<SourceNode> artifacts, IReadOnlyList<SourceNode> developers)
    {
        if (artifacts.Count != 1 || developers.Count == 0)
            return "";
        var names = string.Join("; ", developers.Select(entry.Fields.TextOf).OfType<string>());
        if (names.Length > NameChars)
            return "";
        foreach (var developer in developers)
            developer.Carry();
        return names;
    }

    private static AffectedType TypeOf(string? type) => type switch
    {
        "Dataset" => AffectedType.Dataset,
        "Model" => AffectedType.Model,
        "System" => AffectedType.System,
        _ => AffectedType.Unspecified,
    };
}
