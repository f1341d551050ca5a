using Federation.Benchmarks.Load;
using Npgsql;
using NpgsqlTypes;

namespace Federation.Benchmarks.Postgres;

/// <summary>
/// The peer: a publisher with a row filter and a subscriber, durable on both sides, without TLS. A row holds the same content as a
/// record, inline (no TOAST), and it is inserted by COPY: what is fastest there.
/// </summary>
internal sealed class PostgresPair(PostgresCluster publisher, PostgresCluster subscriber) : IAsyncDisposable
{
    private const string Table = """
        CREATE TABLE record(id uuid PRIMARY KEY, topic text NOT NULL, title text NOT NULL, body bytea NOT NULL);
        ALTER TABLE record ALTER COLUMN body SET STORAGE PLAIN
        """;

    private PostgresCluster Subscriber => subscriber;

    /// <summary>Starts both clusters; null if PostgreSQL is not there or not wanted.</summary>
    public static async Task<PostgresPair?> StartAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        if (!options.Postgres || PostgresBinaries.Find() is not { } binaries)
            return null;
        var publisher = await PostgresCluster.StartAsync(binaries, cancellationToken);
        var pair = new PostgresPair(publisher, await PostgresCluster.StartAsync(binaries, cancellationToken));
        await ExecuteAsync(publisher, Table, cancellationToken);
        await ExecuteAsync(pair.Subscriber, Table, cancellationToken);
        await ExecuteAsync(publisher, $"CREATE PUBLICATION shared FOR TABLE record WHERE (topic = '{BenchPolicy.SharedTopic}')", cancellationToken);
        return pair;
    }

    /// <summary>The server's version.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await publisher.ConnectAsync(cancellationToken);
        return connection.PostgreSqlVersion.ToString();
    }

    /// <summary>Inserts rows in one transaction.</summary>
    public async Task InsertAsync(IEnumerable<PostgresRow> rows, CancellationToken cancellationToken)
    {
        await using var connection = await publisher.ConnectAsync(cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync("COPY record(id, topic, title, body) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(row.Id, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(row.Topic, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(row.Title, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(row.Body, NpgsqlDbType.Bytea, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>Subscribes; what is there already is copied.</summary>
    public Task SubscribeAsync(CancellationToken cancellationToken) => ExecuteAsync(
        subscriber, $"CREATE SUBSCRIPTION follower CONNECTION '{publisher.ConnectionInfo}' PUBLICATION shared WITH (synchronous_commit = on)", cancellationToken);

    /// <summary>Waits until the subscriber holds a row. The initial copy and each transaction appear whole, so the last row stands for all.</summary>
    public async Task WaitForAsync(PostgresRow row, CancellationToken cancellationToken)
    {
        await using var connection = await subscriber.ConnectAsync(cancellationToken);
        await using var found = new NpgsqlCommand("SELECT EXISTS(SELECT 1 FROM record WHERE id = $1)", connection) { Parameters = { new() { Value = row.Id } } };
        while (!(bool)(await found.ExecuteScalarAsync(cancellationToken))!)
            await Task.Delay(5, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await subscriber.DisposeAsync();
        await publisher.DisposeAsync();
    }

    private static async Task ExecuteAsync(PostgresCluster cluster, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await cluster.ConnectAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
