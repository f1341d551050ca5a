namespace Federation.Node.Storage.Sqlite;

/// <summary>One write waiting for the writer.</summary>
/// <param name="Body">The writes; runs inside a transaction unless it stands alone.</param>
/// <param name="Succeed">Called after the commit.</param>
/// <param name="Fail">Called if nothing of the write is durable.</param>
/// <param name="Alone">Whether the body runs outside any transaction, as a checkpoint must.</param>
internal sealed record WriteOperation(Action<SqliteSession> Body, Action Succeed, Action<Exception> Fail, bool Alone);
