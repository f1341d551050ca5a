using Federation.V1.Records;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Federation.Protocol.Records;

/// <summary>Finds the records that a part refers to, whatever message the reference stands in.</summary>
public static class PartReferences
{
    private static readonly HashSet<string> Referring = FindReferring();

    /// <summary>The references in a part, in the order of its fields; references that can't be read are returned as they are.</summary>
    public static IReadOnlyList<RecordReference> Find(Part part)
    {
        var content = Part.Descriptor.FindFieldByNumber((int)part.ContentCase);
        if (content is null || !Referring.Contains(content.MessageType.FullName))
            return [];
        var found = new List<RecordReference>();
        Collect((IMessage)content.Accessor.GetValue(part), found);
        return found;
    }

    private static void Collect(IMessage message, List<RecordReference> found)
    {
        if (message is RecordReference reference)
        {
            found.Add(reference);
            return;
        }

        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType != FieldType.Message || !Referring.Contains(field.MessageType.FullName))
                continue;
            switch (field.Accessor.GetValue(message))
            {
                case IMessage single:
                    Collect(single, found);
                    break;
                case System.Collections.IEnumerable many:
                    foreach (IMessage item in many)
                        Collect(item, found);
                    break;
            }
        }
    }

    // The messages from which a reference can be reached; the record model has no recursion, so that this ends.
    private static HashSet<string> FindReferring()
    {
        var referring = new HashSet<string>(StringComparer.Ordinal) { RecordReference.Descriptor.FullName };
        Visit(Part.Descriptor, referring);
        return referring;
    }

    private static bool Visit(MessageDescriptor message, HashSet<string> referring)
    {
        var reaches = message.FullName == RecordReference.Descriptor.FullName;
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            if (field.FieldType == FieldType.Message)
                reaches |= Visit(field.MessageType, referring);
        }

        if (reaches)
            referring.Add(message.FullName);
        return reaches;
    }
}
