namespace Federation.Node.Sharing;

/// <summary>Reads until when a rule holds something back.</summary>
internal static class EmbargoReader
{
    private static readonly string[] Keys = ["until", "after_publication"];

    /// <summary>Reads an embargo; none if the key is absent.</summary>
    public static RuleEmbargo Read(PolicyNode? node, PolicyFaults faults)
    {
        if (node is null || PolicyMapping.Open(node, "'embargo'", Keys, faults) is not { } embargo)
            return default;
        if (node.Entries.Count == 0)
            faults.Add(node, "'embargo' is empty; leave the key out, or give 'until' or 'after_publication'");
        var until = 0L;
        var after = 0L;
        if (embargo.Find("until") is { } moment)
            PolicyTime.TryReadMoment(moment, "until", faults, out until);
        if (embargo.Find("after_publication") is { } duration)
            PolicyTime.TryReadDuration(duration, "after_publication", faults, out after);
        return new RuleEmbargo(Math.Max(until, 0), after);
    }
}
