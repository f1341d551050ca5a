using Federation.Protocol.Heads;
using Federation.V1.Exchange;

namespace Federation.Cli.Verification;

/// <summary>What an evidence bundle proves of one entry.</summary>
/// <param name="Leaf">The entry's leaf, which is part of the tree under the head.</param>
/// <param name="Parts">How many parts its statement lists, all of them opened unless it is passed on; null if the statement is not shown.</param>
/// <param name="Receipt">The follower's receipt that covers it; null if none in the file does.</param>
/// <param name="Decision">What the origin says decided it; null where the origin did not make the file.</param>
internal sealed record EntryFinding(Leaf Leaf, int? Parts, Receipt? Receipt, EvidenceDecision? Decision);
