using System.Text;
using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Tests.Storage;

/// <summary>Makes writes for a store. To a store bodies and keys are bytes: these say in clear text which record and version they are of.</summary>
internal static class StoreRecords
{
    public const long NowMs = 1_760_000_000_000;

    public static readonly InstituteId Own = InstituteId.Parse("uk");
    public static readonly InstituteId Other = InstituteId.Parse("sg");

    public static RecordName Name(int number) => new(Own, new RecordId((UInt128)number));

    public static RecordWrite Write(int number, int expectedVersion = 0, string? text = null) => new RecordWriteDraft
    {
        Name = Name(number),
        ExpectedVersion = expectedVersion,
        Text = text ?? $"record {number} version {expectedVersion + 1}",
    }.Build();

    public static byte[] BodyOf(string text) => Encoding.UTF8.GetBytes($"body of {text}");

    public static byte[] KeyOf(string text) => Digest.Sha256(Encoding.UTF8.GetBytes(text)).ToBytes();

    public static RecordShape Shape(string text) => new()
    {
        ReleaseMs = 0,
        Audience = [],
        Topics = [],
        State = 1,
        Parts = [new ShapePart(0, NowMs, Digest.Sha256(Encoding.UTF8.GetBytes(text)), 1, 0, 1, 0, 0, null, [])],
    };

    /// <summary>Writes new records with the numbers 1 to count; answers their local numbers.</summary>
    public static async Task<IReadOnlyList<StoredRecord>> SeedAsync(INodeStore store, int count, CancellationToken cancellationToken)
    {
        for (var i = 1; i <= count; i++)
            await store.WriteRecordAsync(Write(i), cancellationToken);
        var page = await store.QueryRecordsAsync(Everything(), cancellationToken);
        return page.Records;
    }

    public static RecordQuery Everything(long after = 0, int limit = 1000) => new()
    {
        AfterChangedN = after,
        Limit = limit,
        Statuses = [RecordStatus.Live, RecordStatus.Draft, RecordStatus.Erased, RecordStatus.Removed, RecordStatus.Quarantined],
    };
}
