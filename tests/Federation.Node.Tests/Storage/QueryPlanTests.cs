using Federation.Node.Storage.Sqlite;
using Xunit;

namespace Federation.Node.Tests.Storage;

public sealed class QueryPlanTests
{
    [Fact]
    public void The_last_change_number_comes_from_its_index_and_not_from_every_record()
    {
        SQLitePCL.Batteries_V2.Init();
        using var session = SqliteSession.Open(":memory:", 1024);
        SqliteSchema.Migrate(session);

        using var plan = session.Use($"EXPLAIN QUERY PLAN {NodeRows.LastChange}");

        Assert.True(plan.Step());
        Assert.Contains("USING COVERING INDEX record_changed", plan.Text(3), StringComparison.Ordinal);
    }
}
