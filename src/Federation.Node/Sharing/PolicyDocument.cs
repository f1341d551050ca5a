using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>A compiled policy file: what it says to every partner to whom it is applied. Immutable.</summary>
internal sealed class PolicyDocument
{
    /// <summary>A document of rules with unique names.</summary>
    public PolicyDocument(Marking ceiling, IReadOnlyList<SharingRule> rules, int examples)
    {
        Ceiling = ceiling;
        Rules = rules;
        Examples = examples;
        ClassHash = PolicyNormalForm.Hash(ceiling, PolicyNormalForm.Reduce(rules));
    }

    /// <summary>The highest marking that a partner may ever get.</summary>
    public Marking Ceiling { get; }

    /// <summary>The rules in the order of the file, which means nothing.</summary>
    public IReadOnlyList<SharingRule> Rules { get; }

    /// <summary>How many examples the file holds; the compiler ran them.</summary>
    public int Examples { get; }

    /// <summary>The hash of the normal form of the whole document, audiences included: two spellings of one document have the same.</summary>
    public Digest ClassHash { get; }

    /// <summary>The policy for one partner, of the rules that speak for it now.</summary>
    public SharingPolicy For(Recipient recipient) => new(Ceiling, [.. Rules.Where(rule => rule.Audience.Admits(recipient))]);
}
