namespace Federation.Node.Storage;

/// <summary>A conjunction of tests on the columns of an own record; what is left at its default is not tested.</summary>
internal sealed record SelectionClause
{
    /// <summary>The record is of one of these kinds; empty means any.</summary>
    public IReadOnlyList<int> Kinds { get; init; } = [];

    /// <summary>The record's own marking is at least this.</summary>
    public int LowestMarking { get; init; }

    /// <summary>The record's own marking is at most this.</summary>
    public int HighestMarking { get; init; } = int.MaxValue;

    /// <summary>The highest marking of the envelope and all parts is above this; null is not tested.</summary>
    public int? AnyMarkingAbove { get; init; }

    /// <summary>The record may have a part of one of these types, folded by <see cref="TypeMask"/>; 0 is not tested.</summary>
    public long Types { get; init; }

    /// <summary>A topic of the record is one of these codes or, where so marked, below one; empty is not tested.</summary>
    public IReadOnlyList<(string Code, bool Below)> Topics { get; init; } = [];
}
