using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Drafting;

/// <summary>
/// Collects what a mapping left behind, as pairs of path and JSON text, within bounds. A whole subtree is one field where it fits,
/// so that open-ended details don't use up the list.
/// </summary>
internal sealed class UnmappedFields(LossNotes losses, int maxBytes)
{
    private readonly List<UnmappedField> _fields = [];
    private int _bytes;
    private int _dropped;

    internal static IReadOnlyList<UnmappedField> Collect(SourceNode root, LossNotes losses, int maxBytes)
    {
        var collected = new UnmappedFields(losses, maxBytes);
        collected.Visit(root);
        if (collected._dropped > 0)
            losses.Add($"{collected._dropped} unmapped values were dropped: the list of unmapped fields is full");
        return collected._fields;
    }

    private void Visit(SourceNode node)
    {
        if (node.IsEmpty || (!node.IsContainer && node.Carried))
            return;
        if (!node.IsContainer)
            AddLeaf(node);
        else if (SourceJson.IsLonger(node, DraftLimits.UnmappedValueChars) || HasCarried(node) || !TryAddWhole(node))
            foreach (var child in node.Children)
                Visit(child);
    }

    private bool TryAddWhole(SourceNode node)
    {
        var text = SourceJson.Write(node);
        if (text.Length > DraftLimits.UnmappedValueChars || !HasContent(node))
            return false;
        Add(node, text);
        return true;
    }

    private void AddLeaf(SourceNode node)
    {
        var text = SourceJson.Write(node);
        if (text.Length > DraftLimits.UnmappedValueChars)
        {
            losses.Add(node, $"unmapped value cut to {DraftLimits.UnmappedValueChars} characters");
            text = Shorten(node);
        }
        Add(node, text);
    }

    private void Add(SourceNode node, string text)
    {
        var field = new UnmappedField { Path = node.Pointer, Value = text };
        var size = field.CalculateSize() + 4;
        if (_fields.Count == DraftLimits.UnmappedFields || _bytes + size > maxBytes || field.Path.Length > DraftLimits.UnmappedPathChars)
        {
            _dropped++;
            return;
        }
        _bytes += size;
        _fields.Add(field);
    }

    /// <summary>The longest start of the value that is still valid JSON text; escapes make the text longer than the value.</summary>
    private static string Shorten(SourceNode node)
    {
        var length = DraftLimits.UnmappedValueChars - 2;
        var text = SourceJson.Quote(TextCut.Start(node.Text, length));
        while (text.Length > DraftLimits.UnmappedValueChars)
        {
            length -= Math.Max(1, (text.Length - DraftLimits.UnmappedValueChars) / 6);
            text = SourceJson.Quote(TextCut.Start(node.Text, length));
        }
        return text;
    }

    private static bool HasCarried(SourceNode node) => node.Children.Any(child => child.IsContainer ? HasCarried(child) : child.Carried);

    private static bool HasContent(SourceNode node) => node.Children.Any(child => child.IsContainer ? HasContent(child) : !child.IsEmpty);
}
