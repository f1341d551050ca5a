using Federation.Node.Storage;
using Federation.Protocol.Keys;

namespace Federation.Node;

/// <summary>What the program takes from its surroundings, named once.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Random">Randomness for jitter.</param>
/// <param name="Entropy">Randomness for keys and ids.</param>
/// <param name="FailFast">Ends the process at once.</param>
/// <param name="Log">Takes the log in the console's place; null means the console.</param>
/// <param name="Store">Puts something between the node and its store; null means nothing.</param>
/// <param name="Anchor">Puts something between the node and its anchor; null means nothing.</param>
internal sealed record NodeWorld(
    TimeProvider Time,
    Random Random,
    EntropySource Entropy,
    Action<Exception> FailFast,
    ILoggerProvider? Log = null,
    Func<INodeStore, INodeStore>? Store = null,
    Func<LedgerAnchor, LedgerAnchor>? Anchor = null);
