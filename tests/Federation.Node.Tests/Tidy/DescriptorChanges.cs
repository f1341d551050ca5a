using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Federation.Node.Tests.Tidy;

/// <summary>What changed between two sets of descriptors that a peer of the older one would notice. What was added is no such change.</summary>
internal sealed class DescriptorChanges
{
    private readonly List<string> found = [];

    private DescriptorChanges()
    {
    }

    /// <summary>The incompatible changes from the older files to the present ones, by the names of files.</summary>
    public static IReadOnlyList<string> Between(IEnumerable<FileDescriptorProto> before, IEnumerable<FileDescriptorProto> now)
    {
        var changes = new DescriptorChanges();
        changes.Match(before, now, f => f.Name, "file", changes.CompareFiles);
        return changes.found;
    }

    private void CompareFiles(FileDescriptorProto before, FileDescriptorProto now)
    {
        if (before.Package != now.Package)
            found.Add($"{before.Name}: package {before.Package} became {now.Package}");
        Match(before.MessageType, now.MessageType, m => m.Name, "message", (b, n) => CompareMessages(before.Package, b, n));
        Match(before.EnumType, now.EnumType, e => e.Name, "enum", (b, n) => CompareEnums(before.Package, b, n));
        Match(before.Service, now.Service, s => s.Name, "service", (b, n) => CompareServices(before.Package, b, n));
    }

    private void CompareMessages(string scope, DescriptorProto before, DescriptorProto now)
    {
        var name = $"{scope}.{before.Name}";
        Match(before.Field, now.Field, f => $"{name}, number {f.Number}", "field", (b, n) => CompareFields(name, before, b, now, n));
        Match(before.NestedType, now.NestedType, m => $"{name}.{m.Name}", "message", (b, n) => CompareMessages(name, b, n));
        Match(before.EnumType, now.EnumType, e => $"{name}.{e.Name}", "enum", (b, n) => CompareEnums(name, b, n));
        foreach (var range in before.ReservedRange.Where(r => !now.ReservedRange.Contains(r)))
            found.Add($"{name}: numbers from {range.Start} are reserved no more");
    }

    private void CompareFields(string message, DescriptorProto owner, FieldDescriptorProto before, DescriptorProto newOwner, FieldDescriptorProto now)
    {
        var field = $"{message}.{before.Name}";
        if (before.Name != now.Name)
            found.Add($"{field}: number {before.Number} is now {now.Name}");
        if (before.Type != now.Type || before.TypeName != now.TypeName)
            found.Add($"{field}: type {before.Type} {before.TypeName} became {now.Type} {now.TypeName}");
        if (before.Label != now.Label)
            found.Add($"{field}: {before.Label} became {now.Label}");
        if (before.Proto3Optional != now.Proto3Optional || OneofOf(owner, before) != OneofOf(newOwner, now))
            found.Add($"{field}: moved into or out of a oneof, or its presence changed");
    }

    private void CompareEnums(string scope, EnumDescriptorProto before, EnumDescriptorProto now) =>
        Match(before.Value, now.Value, v => $"{scope}.{before.Name}, number {v.Number}", "value", (b, n) =>
        {
            if (b.Name != n.Name)
                found.Add($"{scope}.{before.Name}: {b.Name} is now {n.Name}");
        });

    private void CompareServices(string scope, ServiceDescriptorProto before, ServiceDescriptorProto now) =>
        Match(before.Method, now.Method, m => $"{scope}.{before.Name}.{m.Name}", "rpc", (b, n) =>
        {
            if ((b.InputType, b.OutputType, b.ClientStreaming, b.ServerStreaming) != (n.InputType, n.OutputType, n.ClientStreaming, n.ServerStreaming))
                found.Add($"{scope}.{before.Name}.{b.Name}: its types or its streams changed");
        });

    private void Match<T>(IEnumerable<T> before, IEnumerable<T> now, Func<T, string> key, string kind, Action<T, T> compare)
        where T : IMessage
    {
        var present = now.ToDictionary(key, StringComparer.Ordinal);
        foreach (var old in before)
        {
            if (present.TryGetValue(key(old), out var counterpart))
                compare(old, counterpart);
            else
                found.Add($"{kind} {key(old)} is gone");
        }
    }

    private static string OneofOf(DescriptorProto message, FieldDescriptorProto field) =>
        field is { HasOneofIndex: true, Proto3Optional: false } ? message.OneofDecl[field.OneofIndex].Name : "";
}
