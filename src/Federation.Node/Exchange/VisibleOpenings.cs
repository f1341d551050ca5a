using Federation.Node.Ledger;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Statements;

namespace Federation.Node.Exchange;

/// <summary>The openings that a decision lets a partner have, as slices of the record's body.</summary>
internal static class VisibleOpenings
{
    /// <summary>The openings of the visible parts in the order of their ids, the envelope first; parts that are gone have none.</summary>
    public static List<Opening> Of(JudgedRecord record, Decision decision, StoredRecord stored)
    {
        var (bytes, _) = BodyBox.Open(stored.DataKey, stored.Name, stored.Version, stored.Body);
        if (!Openings.TryDecode(bytes, out var openings, out var error))
            throw new StoreFaultException($"a body's openings can't be read: {error}");
        var visible = new List<Opening>(openings.Count) { openings[0] };
        var next = 1;
        for (var i = 1; i < record.Shape.Parts.Count; i++)
        {
            if (record.Shape.Parts[i].Gone)
                continue;
            if (decision.Parts[i - 1] == PartVerdict.Visible)
                visible.Add(openings[next]);
            next++;
        }

        return visible;
    }
}
