namespace Federation.Node.Storage;

/// <summary>What decided one ledger entry; never part of the ledger's tree, never disclosed.</summary>
/// <param name="Rule">The place of the rule in its policy, from 0; -1 if no rule decided.</param>
/// <param name="Verdict">The number of the verdict over the record.</param>
/// <param name="Version">The version of the record that was judged.</param>
/// <param name="AsOfN">The last change number at the moment of reading.</param>
internal readonly record struct EntryDecision(int Rule, byte Verdict, int Version, long AsOfN);
