using Federation.V1.Records;
using Google.Protobuf.Reflection;

namespace Federation.Protocol.Tests.Records;

public sealed class RecordProtoTests
{
    private const int DeepestNesting = 8;

    private static readonly List<FileDescriptor> Files = Closure(RecordReflection.Descriptor);
    private static readonly OneofDescriptor Content = Part.Descriptor.Oneofs.Single(o => o.Name == "content");

    [Fact]
    public void Every_file_belongs_to_the_package_of_records()
    {
        Assert.True(Files.Count > 13, "One file a kind is expected.");
        Assert.All(Files, file => Assert.Equal("federation.record.v1", file.Package));
    }

    [Fact]
    public void Enum_zero_is_unspecified_and_values_carry_the_prefix_of_their_enum()
    {
        Assert.All(Enums(), declared =>
        {
            string prefix = UpperSnake(declared.Name);
            Assert.Equal(prefix + "_UNSPECIFIED", declared.FindValueByNumber(0)?.Name);
            Assert.All(declared.Values, value => Assert.StartsWith(prefix + "_", value.Name, StringComparison.Ordinal));
        });
    }

    // A part's bytes are hashed and forwarded: map entries have no order, and Any hides what is inside from code that looks for references.
    [Fact]
    public void No_field_is_a_map_a_group_or_a_message_from_elsewhere()
    {
        Assert.All(Fields(), field =>
        {
            Assert.False(field.IsMap, field.FullName);
            Assert.NotEqual(FieldType.Group, field.FieldType);
            if (field.FieldType == FieldType.Message)
                Assert.Equal("federation.record.v1", field.MessageType.File.Package);
        });
    }

    [Fact]
    public void No_message_contains_itself()
    {
        Assert.All(Messages(), message => Assert.False(Reaches(message, message), message.FullName));
    }

    [Fact]
    public void Parts_and_envelopes_nest_at_most_eight_deep()
    {
        Assert.InRange(Depth(Part.Descriptor), 3, DeepestNesting);
        Assert.InRange(Depth(Envelope.Descriptor), 1, DeepestNesting);
    }

    [Fact]
    public void Part_types_fit_in_sixteen_bits_and_are_messages()
    {
        Assert.All(Content.Fields, field =>
        {
            Assert.InRange(field.FieldNumber, 10, ushort.MaxValue);
            Assert.Equal(FieldType.Message, field.FieldType);
        });
    }

    [Fact]
    public void Part_types_are_told_apart_by_message_name_and_number()
    {
        Assert.Equal(Content.Fields.Count, Content.Fields.Select(f => f.MessageType.FullName).Distinct().Count());
        Assert.All(Content.Fields, field => Assert.Equal(field.Name, UpperSnake(field.MessageType.Name).ToLowerInvariant()));
    }

    [Fact]
    public void Every_kind_has_parts_in_a_block_of_numbers_of_its_own()
    {
        Dictionary<RecordKind, string> prefixes = new()
        {
            [RecordKind.Model] = "model_",
            [RecordKind.Incident] = "incident_",
            [RecordKind.Flaw] = "flaw_",
            [RecordKind.Evaluation] = "evaluation_",
            [RecordKind.EvaluationResult] = "result_",
            [RecordKind.Dataset] = "dataset_",
            [RecordKind.Criterion] = "criterion_",
            [RecordKind.JointExercise] = "exercise_",
            [RecordKind.SharedResource] = "resource_",
            [RecordKind.Practice] = "practice_",
            [RecordKind.Priority] = "priority_",
            [RecordKind.ProgressReport] = "progress_",
            [RecordKind.Annotation] = "annotation_",
        };
        Assert.Equal(Enum.GetValues<RecordKind>().Where(kind => kind != RecordKind.Unspecified), prefixes.Keys.Order());

        string[] owners = [.. Content.Fields.Where(f => f.FieldNumber >= 100).OrderBy(f => f.FieldNumber)
            .Select(f => prefixes.Values.Single(prefix => f.Name.StartsWith(prefix, StringComparison.Ordinal)))];
        string[] blocks = [.. owners.Where((owner, index) => index == 0 || owners[index - 1] != owner)];
        Assert.Equal(prefixes.Values.Order(), blocks.Order());
    }

    // Visibility of a part depends on what it refers to, and that is found by looking for this one message.
    [Fact]
    public void Only_a_record_reference_names_a_record()
    {
        FieldDescriptor[] naming = [.. Fields().Where(f => f.Name.EndsWith("record_id", StringComparison.Ordinal))];
        Assert.Equal(RecordReference.Descriptor, Assert.Single(naming).ContainingType);
    }

    private static List<FileDescriptor> Closure(FileDescriptor root)
    {
        List<FileDescriptor> found = [root];
        for (int i = 0; i < found.Count; i++)
            found.AddRange(found[i].Dependencies.Where(dependency => !found.Contains(dependency)));
        return found;
    }

    private static IEnumerable<MessageDescriptor> Messages() => Files.SelectMany(file => file.MessageTypes).SelectMany(WithNested);

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) => [message, .. message.NestedTypes.SelectMany(WithNested)];

    private static IEnumerable<EnumDescriptor> Enums() => Files.SelectMany(file => file.EnumTypes).Concat(Messages().SelectMany(message => message.EnumTypes));

    private static IEnumerable<FieldDescriptor> Fields() => Messages().SelectMany(message => message.Fields.InDeclarationOrder());

    private static IEnumerable<MessageDescriptor> Inside(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message).Select(field => field.MessageType).Distinct();

    private static bool Reaches(MessageDescriptor from, MessageDescriptor wanted)
    {
        HashSet<MessageDescriptor> seen = [];
        Stack<MessageDescriptor> open = new(Inside(from));
        while (open.TryPop(out MessageDescriptor? next))
        {
            if (next == wanted)
                return true;
            if (!seen.Add(next))
                continue;
            foreach (MessageDescriptor inner in Inside(next))
                open.Push(inner);
        }

        return false;
    }

    // Stops one level beyond the limit, so that a message that contains itself fails instead of overflowing the stack.
    private static int Depth(MessageDescriptor message, int above = 0) =>
        above > DeepestNesting ? 1 : 1 + Inside(message).Select(inner => Depth(inner, above + 1)).DefaultIfEmpty(0).Max();

    private static string UpperSnake(string name) =>
        string.Concat(name.Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
}
