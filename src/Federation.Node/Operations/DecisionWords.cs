using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Heads;

namespace Federation.Node.Operations;

/// <summary>Says in words what decided a ledger entry.</summary>
internal static class DecisionWords
{
    /// <summary>The name of the rule, empty if none decided, and the reason.</summary>
    public static (string Rule, string Reason) Of(DecidedEntry entry, PolicyDocument? document)
    {
        var rule = entry.Decision.Rule >= 0 && entry.Decision.Rule < document?.Rules.Count ? document.Rules[entry.Decision.Rule].Name : null;
        var decision = new Decision { Verdict = (RecordVerdict)entry.Decision.Verdict, Rule = rule, Parts = [] };
        return (rule ?? "", entry.Entry.Operation == (byte)LedgerOperation.Erase ? "The record was erased." : DecisionText.Of(decision));
    }
}
