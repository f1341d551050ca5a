using Federation.V1.Node;

namespace Federation.Node.Tests.Scenarios.Properties;

/// <summary>One record as its publisher left it.</summary>
internal sealed class ModelRecord(string id, RecordDraft draft)
{
    public string Id { get; } = id;

    /// <summary>What was handed over last, before a withdrawal and after it.</summary>
    public RecordDraft Draft { get; set; } = draft;

    public uint Revision { get; set; } = 1;

    public bool Withdrawn { get; set; }

    /// <summary>Whether a withdrawal took the content, all but an annotation's target.</summary>
    public bool ContentGone { get; set; }

    public bool Erased { get; set; }
}
