namespace Federation.Node.Storage;

/// <summary>The store can no longer be trusted (an I/O error, corruption); the process ends and recovers by starting again.</summary>
internal sealed class StoreFaultException(string message, Exception? inner = null) : Exception(message, inner);
