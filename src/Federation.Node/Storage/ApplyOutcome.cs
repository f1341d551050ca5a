namespace Federation.Node.Storage;

/// <summary>What became of a follower's batch.</summary>
/// <param name="Applied">Whether the batch is durable; false if the cursor stood elsewhere, and nothing was changed.</param>
/// <param name="ContentRemoved">Whether content was removed: a receipt has to wait until <see cref="INodeStore.ScrubAsync"/> has succeeded.</param>
internal readonly record struct ApplyOutcome(bool Applied, bool ContentRemoved);
