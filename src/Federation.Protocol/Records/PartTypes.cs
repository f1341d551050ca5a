using System.Collections.Frozen;
using Federation.V1.Records;
using Google.Protobuf.Reflection;

namespace Federation.Protocol.Records;

/// <summary>The part types: the contents of the message Part, by field number (in facts) and by field name (in policies).</summary>
public static class PartTypes
{
    private static readonly FieldDescriptor[] Contents =
        [.. Part.Descriptor.Oneofs.Single(oneof => oneof.Name == "content").Fields.OrderBy(field => field.FieldNumber)];

    private static readonly sbyte[] Indexes = IndexByNumber();

    private static readonly FrozenDictionary<string, int> NumbersByName =
        Contents.ToFrozenDictionary(field => field.Name, field => field.FieldNumber, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, RecordKind> KindsByPrefix = new Dictionary<string, RecordKind>(StringComparer.Ordinal)
    {
        ["model"] = RecordKind.Model,
        ["incident"] = RecordKind.Incident,
        ["flaw"] = RecordKind.Flaw,
        ["evaluation"] = RecordKind.Evaluation,
        ["result"] = RecordKind.EvaluationResult,
        ["dataset"] = RecordKind.Dataset,
        ["criterion"] = RecordKind.Criterion,
        ["exercise"] = RecordKind.JointExercise,
        ["resource"] = RecordKind.SharedResource,
        ["practice"] = RecordKind.Practice,
        ["priority"] = RecordKind.Priority,
        ["progress"] = RecordKind.ProgressReport,
        ["annotation"] = RecordKind.Annotation,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly PartTypeSet Referring = FindReferring();

    /// <summary>Every part type's field number, ascending.</summary>
    public static IReadOnlyList<int> All { get; } = [.. Contents.Select(field => field.FieldNumber)];

    /// <summary>Every part type's name, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Contents.Select(field => field.Name)];

    /// <summary>The types that a partner gets only where a rule shows them.</summary>
    public static PartTypeSet WithheldUnlessShown { get; } = PartTypeSet.Of(Part.ImportSourceFieldNumber);

    /// <summary>The place of a part type among all of them, from 0; -1 for a number that is no part type.</summary>
    public static int IndexOf(int type) => (uint)type < (uint)Indexes.Length ? Indexes[type] : -1;

    /// <summary>The field name of a part type; null for a number that is no part type.</summary>
    public static string? NameOf(int type) => IndexOf(type) is >= 0 and var index ? Names[index] : null;

    /// <summary>Finds the field number of a part type by its exact name.</summary>
    public static bool TryGetType(string name, out int type) => NumbersByName.TryGetValue(name, out type);

    /// <summary>The only kind whose records have parts of this type; null for a type that records of every kind may have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is no part type.</exception>
    public static RecordKind? KindOf(int type)
    {
        var name = NameOf(type) ?? throw new ArgumentOutOfRangeException(nameof(type), type, "No part type has this number.");
        var prefix = name.AsSpan(0, Math.Max(0, name.IndexOf('_', StringComparison.Ordinal))).ToString();
        return KindsByPrefix.TryGetValue(prefix, out var kind) ? kind : null;
    }

    /// <summary>Whether a record of this kind may have parts of this type; false for a number that is no part type.</summary>
    public static bool MayOccurIn(int type, RecordKind kind) =>
        IndexOf(type) >= 0 && RecordKinds.IsKnown(kind) && (KindOf(type) is not { } only || only == kind);

    /// <summary>Whether a part of this type can refer to a record; true for a number that is no part type, since nobody knows.</summary>
    public static bool MayRefer(int type) => IndexOf(type) is not (>= 0 and var index) || Referring.ContainsIndex(index);

    private static sbyte[] IndexByNumber()
    {
        if (Contents.Length > PartTypeSet.Capacity)
            throw new InvalidOperationException($"Part has {Contents.Length} contents, a set of part types holds {PartTypeSet.Capacity}.");
        var indexes = new sbyte[Contents[^1].FieldNumber + 1];
        Array.Fill(indexes, (sbyte)-1);
        for (var index = 0; index < Contents.Length; index++)
            indexes[Contents[index].FieldNumber] = (sbyte)index;
        return indexes;
    }

    private static PartTypeSet FindReferring()
    {
        // What stands beside the content (evidence and the like) is the same for all types.
        var shared = Part.Descriptor.Fields.InFieldNumberOrder().Any(field =>
            field.ContainingOneof is null && field.FieldType == FieldType.Message && Reaches(field.MessageType, []));
        var referring = Contents.Where(field => shared || Reaches(field.MessageType, []));
        return PartTypeSet.Of([.. referring.Select(field => field.FieldNumber)]);
    }

    private static bool Reaches(MessageDescriptor message, HashSet<string> seen)
    {
        if (message.FullName == RecordReference.Descriptor.FullName)
            return true;
        return seen.Add(message.FullName) && message.Fields.InFieldNumberOrder()
            .Any(field => field.FieldType == FieldType.Message && Reaches(field.MessageType, seen));
    }
}
