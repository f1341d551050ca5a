using Federation.V1.Records;

namespace Federation.Node.Tests.Sharing;

/// <summary>What a test says about a record beside its marking, times, topics and parts.</summary>
internal sealed record TraitWords
{
    public bool Held { get; init; }

    public bool Known { get; init; } = true;

    public RecordState State { get; init; } = RecordState.Final;

    public int? Severity { get; init; }

    public int? Availability { get; init; }

    public string Language { get; init; } = "en";

    public long? Issued { get; init; }

    public Onward Onward { get; init; }

    public PermittedActions Actions { get; init; }

    public Attribution Attribution { get; init; }

    public long Published { get; init; }

    public string[] Groups { get; init; } = [];
}
