using Federation.Node.Storage;

namespace Federation.Node.Tests.Storage;

/// <summary>Opens a store in a directory. The contract tests run against each driver through one of these.</summary>
/// <param name="directory">A directory of the store's own; what an earlier life left in it is found again.</param>
/// <param name="boot">Names the life of the process.</param>
/// <param name="failFast">Called when the store can't be trusted any more.</param>
internal delegate INodeStore StoreDriver(string directory, string boot, Action<Exception> failFast);
