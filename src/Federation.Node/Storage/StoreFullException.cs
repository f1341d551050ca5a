namespace Federation.Node.Storage;

/// <summary>The disk is full: the write was not done, reads and serving go on, and writes work again when there is room.</summary>
internal sealed class StoreFullException(Exception? inner = null) : Exception("the store is full", inner);
