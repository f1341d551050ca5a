using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>Questions to a list of institutes.</summary>
internal static class Audiences
{
    /// <summary>Whether the list names the partner; an empty list names nobody.</summary>
    public static bool Names(IReadOnlyList<InstituteId> audience, InstituteId partner)
    {
        for (var i = 0; i < audience.Count; i++)
        {
            if (audience[i] == partner)
                return true;
        }
        return false;
    }
}
