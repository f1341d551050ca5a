using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Tests.Storage;

/// <summary>What a test wants to say of a write; everything else follows from the text.</summary>
internal sealed class RecordWriteDraft
{
    public required RecordName Name { get; init; }

    public required string Text { get; init; }

    public int ExpectedVersion { get; init; }

    public long NowMs { get; init; } = StoreRecords.NowMs;

    public int Kind { get; init; } = 2;

    public RecordStatus Status { get; init; } = RecordStatus.Live;

    public int? Severity { get; init; }

    public long? IssuedMs { get; init; }

    public IReadOnlyList<string> Topics { get; init; } = [];

    public IReadOnlyList<RecordName> References { get; init; } = [];

    public IdempotencyKey? Idempotency { get; init; }

    public ImportKey? Import { get; init; }

    public RecordWrite Build() => new()
    {
        Name = Name,
        ExpectedVersion = ExpectedVersion,
        Kind = Kind,
        Schema = 1,
        Status = Status,
        NowMs = NowMs,
        Attributes = new RecordAttributes
        {
            Marking = 1,
            State = 1,
            Severity = Severity,
            Availability = null,
            Language = "en",
            Title = $"title of {Text}",
            IssuedMs = IssuedMs,
            Topics = Topics,
        },
        Shape = StoreRecords.Shape(Text).Encode(),
        Body = StoreRecords.BodyOf(Text),
        DataKey = StoreRecords.KeyOf($"data {Name.Id}"),
        SaltKey = StoreRecords.KeyOf($"salt {Name.Id}"),
        References = References,
        Note = new RevisionNote(ExpectedVersion + 1, "writer", NowMs, $"summary of {Text}"),
        Idempotency = Idempotency,
        Import = Import,
    };
}
