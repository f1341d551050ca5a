using Federation.Cli.RecordFiles;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Federation.Cli.Demo;

/// <summary>The sample records and policies that lie beside the program.</summary>
internal static class DemoSamples
{
    public static IReadOnlyList<string> PolicyNames { get; } = ["close-ally", "new-partner", "observer"];

    private static string Location => Path.Combine(AppContext.BaseDirectory, "samples");

    /// <summary>
    /// The samples, dealt out: each institute its own where every folder's institute takes part and no other does, else in turn.
    /// References follow the records to their new originators.
    /// </summary>
    public static Dictionary<string, List<RecordDraft>> Deal(IReadOnlyList<string> institutes)
    {
        var samples = Read();
        var owners = new Dictionary<string, string>();
        if (institutes.Order().SequenceEqual(samples.Select(sample => sample.Institute).Distinct().Order()))
        {
            foreach (var (institute, draft) in samples)
                owners[draft.RecordId] = institute;
        }
        else
        {
            for (var i = 0; i < samples.Count; i++)
                owners[samples[i].Draft.RecordId] = institutes[i % institutes.Count];
        }
        var dealt = institutes.ToDictionary(institute => institute, _ => new List<RecordDraft>());
        foreach (var (_, draft) in samples)
        {
            MoveReferences(draft, owners);
            dealt[owners[draft.RecordId]].Add(draft);
        }
        return dealt;
    }

    /// <summary>The policy of one institute toward another: all three are in use, and no two institutes treat all others alike.</summary>
    public static (string Name, string Text) Policy(int from, int to)
    {
        var name = PolicyNames[(from + to + PolicyNames.Count - 1) % PolicyNames.Count];
        return (name, File.ReadAllText(Path.Combine(Location, "policies", $"{name}.yaml")));
    }

    private static List<(string Institute, RecordDraft Draft)> Read()
    {
        if (!Directory.Exists(Location))
            throw CommandFailureException.Usage($"The samples are not at {Location}.");
        var samples = new List<(string, RecordDraft)>();
        foreach (var file in Directory.EnumerateFiles(Location, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var (draft, faults) = DraftJson.Read(File.ReadAllBytes(file));
            if (draft is null)
                throw new CommandFailureException(ExitCode.Refused, "FIELD_INVALID", $"{file} cannot be read.", faults);
            samples.Add((Path.GetFileName(Path.GetDirectoryName(file)!), draft));
        }
        return samples;
    }

    private static void MoveReferences(IMessage message, Dictionary<string, string> owners)
    {
        if (message is RecordReference reference)
        {
            if (owners.TryGetValue(reference.RecordId, out var owner))
                reference.Origin = owner;
            return;
        }
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
        {
            var value = field.Accessor.GetValue(message);
            var children = value as System.Collections.IEnumerable ?? new[] { value };
            foreach (var child in children.OfType<IMessage>())
                MoveReferences(child, owners);
        }
    }
}
