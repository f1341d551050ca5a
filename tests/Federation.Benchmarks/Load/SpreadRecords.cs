using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Benchmarks.Load;

/// <summary>The records of the other bars, spread evenly over ten topics, and one in ten AMBER+STRICT: a change of policy finds its part of them.</summary>
internal sealed class SpreadRecords
{
    private const int Topics = 10;

    private readonly BenchRecords source = new(seed: 6, passPercent: 100);
    private int made;

    /// <summary>The next record.</summary>
    public RecordDraft Next()
    {
        var draft = source.Next();
        // Each tenth record is forwardable: topics go by the tens and markings by the hundreds, so that no two of the three fall together.
        draft.Envelope.Topics[0] = $"bench.t{made / 10 % Topics}";
        if (made / 100 % 10 == 9)
            draft.Envelope.Marking = Marking.AmberStrict;
        made++;
        return draft;
    }
}
