using Federation.Node.Storage;
using Federation.V1.Records;

namespace Federation.Node.Exchange;

/// <summary>A received record as far as it can be read.</summary>
internal sealed class ReceivedContent
{
    /// <summary>The envelope; empty if it can't be read.</summary>
    public Envelope Envelope { get; set; } = new();

    /// <summary>The parts that can be read.</summary>
    public List<Part> Bodies { get; } = [];

    /// <summary>What is kept beside each part, the envelope first.</summary>
    public List<ShapePart> Parts { get; } = [];

    /// <summary>The first reason for quarantine; null if there is none.</summary>
    public string? Reason { get; private set; }

    /// <summary>Notes a reason for quarantine.</summary>
    public void RefuseIf(bool wrong, string reason)
    {
        if (wrong)
            Reason ??= reason;
    }
}
