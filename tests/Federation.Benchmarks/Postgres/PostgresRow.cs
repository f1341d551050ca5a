using Federation.Benchmarks.Load;
using Google.Protobuf;

namespace Federation.Benchmarks.Postgres;

/// <summary>A record as a row.</summary>
internal sealed record PostgresRow(Guid Id, string Topic, string Title, byte[] Body)
{
    /// <summary>Makes rows with the content of so many records.</summary>
    public static List<PostgresRow> Make(BenchRecords records, int count)
    {
        var rows = new List<PostgresRow>(count);
        for (var i = 0; i < count; i++)
        {
            var draft = records.Next();
            var id = Guid.Parse(draft.RecordId);
            draft.RecordId = "";
            var content = draft.ToByteArray();
            rows.Add(new PostgresRow(id, draft.Envelope.Topics[0], draft.Envelope.Title, content.Length > BenchRecords.ContentBytes ? content[..BenchRecords.ContentBytes] : content));
        }

        return rows;
    }

    /// <summary>The last row that passes the filter.</summary>
    public static PostgresRow LastPassing(IReadOnlyList<PostgresRow> rows) => rows.Last(r => r.Topic == BenchPolicy.SharedTopic);
}
