using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Osv;

/// <summary>Maps affected packages, one part each, with version ranges written as text such as "&gt;=9.0.0 &lt;9.11.13".</summary>
internal static class OsvAffected
{
    private const int MaxVersions = 64;
    private const int VersionChars = 128;

    internal static void Map(SourceNode root, SourceFields fields, DraftBuilder draft)
    {
        foreach (var affected in fields.Objects(root, "affected"))
        {
            var package = fields.Object(affected, "package");
            var name = fields.PeekText(package, "name");
            var ecosystem = fields.PeekText(package, "ecosystem");
            if (name is null)
            {
                draft.Losses.Add(affected, "an affected package without a name is not carried");
                continue;
            }
            var fullName = ecosystem is null ? name : $"{ecosystem}/{name}";
            var part = new FlawAffected
            {
                Type = AffectedType.System,
                Subject = new SubjectReference { Name = draft.Cut(fullName, DraftLimits.NameChars, package!["name"]) },
            };
            package!["name"]!.Carry();
            package["ecosystem"]?.Carry();
            foreach (var range in fields.Objects(affected, "ranges"))
                MapRange(part, range, fields, draft);
            foreach (var version in fields.List(affected, "versions"))
                if (fields.TextOf(version) is { } text && AddVersion(part.AffectedVersions, text, version, draft))
                    version.Carry();
            draft.Add("affected", fullName, new Part { FlawAffected = part });
        }
    }

    private static void MapRange(FlawAffected part, SourceNode range, SourceFields fields, DraftBuilder draft)
    {
        SourceNode? introduced = null;
        foreach (var item in fields.Objects(range, "events"))
        {
            foreach (var step in item.Members)
            {
                if (fields.TextOf(step) is not { } version)
                    continue;
                if (step.Token == "introduced")
                {
                    AddRange(part, introduced, null, "", draft);
                    introduced = step;
                    continue;
                }
                if (step.Token == "fixed" && AddVersion(part.FixedVersions, version, step, draft))
                    step.Carry();
                var bound = step.Token switch { "fixed" or "limit" => "<", "last_affected" => "<=", _ => null };
                if (bound is not null && AddRange(part, introduced, step, bound, draft))
                    introduced = null;
            }
        }
        AddRange(part, introduced, null, "", draft);
    }

    /// <summary>Adds "from introduced to end"; an introduction at "0" means from the beginning.</summary>
    private static bool AddRange(FlawAffected part, SourceNode? introduced, SourceNode? end, string bound, DraftBuilder draft)
    {
        if (introduced is null && end is null)
            return false;
        var from = introduced is null or { Text: "0" } ? "" : $">={introduced.Text}";
        var to = end is null ? "" : $"{bound}{end.Text}";
        var text = $"{from} {to}".Trim();
        if (!AddVersion(part.AffectedVersions, text.Length == 0 ? "all" : text, end ?? introduced!, draft))
            return false;
        introduced?.Carry();
        end?.Carry();
        return true;
    }

    private static bool AddVersion(Google.Protobuf.Collections.RepeatedField<string> versions, string text, SourceNode node, DraftBuilder draft)
    {
        if (text.Length > VersionChars)
        {
            draft.Losses.Add(node, $"not carried as a version: it is longer than {VersionChars} characters");
            return false;
        }
        if (!draft.HasRoom(versions.Count, MaxVersions, node))
            return false;
        versions.Add(text);
        return true;
    }
}
