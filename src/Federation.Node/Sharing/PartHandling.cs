using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>What a rule says about the parts of one type that it does not withhold.</summary>
/// <param name="Type">The part type.</param>
/// <param name="MaxMarking">The highest effective marking of a part that is shared; RED means every marking.</param>
/// <param name="Embargo">Until when the parts are held back.</param>
internal readonly record struct PartHandling(int Type, Marking MaxMarking, RuleEmbargo Embargo)
{
    /// <summary>Whether it holds nothing back.</summary>
    public bool IsNone => MaxMarking == Marking.Red && Embargo.IsNone;

    /// <summary>What holds back everything that either does, for the same type.</summary>
    public PartHandling Stricter(PartHandling other) =>
        new(Type, other.MaxMarking < MaxMarking ? other.MaxMarking : MaxMarking, Embargo.Later(other.Embargo));
}
