using Federation.V1.Node;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Processes;

/// <summary>Reads what a node shows of one originator, and compares it part by part with what was acknowledged.</summary>
internal static class HeldRecords
{
    /// <summary>Every record of the originator, by id.</summary>
    public static async Task<Dictionary<string, RecordView>> ReadAsync(ChildNode node, string origin, CancellationToken cancellationToken)
    {
        using var connection = node.Connect();
        var held = new Dictionary<string, RecordView>();
        var request = new ListRecordsRequest { Filter = new RecordFilter { Origins = { origin } }, PageSize = 500 };
        do
        {
            var page = await connection.Records.ListRecordsAsync(request, connection.Unary(cancellationToken));
            // Pages are in the order of change: a record that changes while they are read is on a later one again.
            foreach (var record in page.Records)
                held[record.RecordId] = record;
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return held;
    }

    /// <summary>How the originator's own records differ from what was acknowledged.</summary>
    public static List<string> CompareOwn(IReadOnlyList<LoadRecord> acknowledged, Dictionary<string, RecordView> stored)
    {
        var differences = new List<string>();
        var kept = acknowledged.Where(r => !r.Erased).ToList();
        if (stored.Count != kept.Count)
            differences.Add($"{kept.Count} records were acknowledged and {stored.Count} are stored");
        foreach (var record in kept)
        {
            if (!stored.TryGetValue(record.Id, out var view))
                differences.Add($"record {record.Id} was acknowledged and is lost");
            else if (view.Revision != record.Revision || !IsEnvelope(record, view) || !view.Parts.Select(p => p.Part).SequenceSameAs(record.Draft.Parts.Select(p => p.Part)))
                differences.Add($"record {record.Id} stands at revision {view.Revision} and {record.Revision} was acknowledged, or its content differs");
        }

        return differences;
    }

    /// <summary>How a partner's copies differ from what the policy shows of what was acknowledged.</summary>
    public static List<string> CompareShared(IReadOnlyList<LoadRecord> acknowledged, Dictionary<string, RecordView> held)
    {
        var differences = new List<string>();
        var shared = acknowledged.Where(r => r.IsShared).ToList();
        differences.AddRange(held.Keys.Except(shared.Select(r => r.Id)).Select(id => $"record {id} is held and not shared"));
        foreach (var record in shared)
        {
            if (!held.TryGetValue(record.Id, out var view))
                differences.Add($"record {record.Id} is shared and not held");
            else if (!IsEnvelope(record, view) || !view.Parts.Select(p => p.Part).SequenceSameAs(record.SharedParts))
                differences.Add($"what is held of record {record.Id} is not what is shared of it");
        }

        return differences;
    }

    /// <summary>Waits until the partner holds what is shared; answers what still differs when the patience ends.</summary>
    public static async Task<List<string>> WaitUntilSameAsync(
        ChildNode follower, string origin, IReadOnlyList<LoadRecord> acknowledged, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            List<string> differences = ["the follower does not answer"];
            try
            {
                differences = CompareShared(acknowledged, await ReadAsync(follower, origin, cancellationToken));
            }
            catch (RpcException starting) when (starting.StatusCode == StatusCode.Unavailable)
            {
                // It was started a moment ago.
            }

            if (differences.Count == 0 || TimeProvider.System.GetElapsedTime(started) > patience)
                return differences;
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Waits until a node shows at least so many records of an originator.</summary>
    public static async Task WaitUntilSomeAsync(ChildNode node, string origin, int count, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while ((await ReadAsync(node, origin, cancellationToken)).Count < count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < patience, $"{node.Card.Institute} holds too little of {origin}\n{node.TailOfLog()}");
            await Task.Delay(50, cancellationToken);
        }
    }

    // A withdrawal is written by the node itself: its state and day are not in the draft.
    private static bool IsEnvelope(LoadRecord record, RecordView view)
    {
        var expected = record.Draft.Envelope.Clone();
        var actual = view.Envelope.Clone();
        if (record.Withdrawn != (actual.State == V1.Records.RecordState.Withdrawn))
            return false;
        (actual.State, actual.StateReason, actual.StateDay) = (expected.State, expected.StateReason, expected.StateDay);
        return expected.Equals(actual);
    }

    // The order of parts is that of their ids, which are random.
    private static bool SequenceSameAs(this IEnumerable<V1.Records.Part> parts, IEnumerable<V1.Records.Part> others) =>
        parts.Select(p => p.ToString()).Order(StringComparer.Ordinal).SequenceEqual(others.Select(p => p.ToString()).Order(StringComparer.Ordinal));
}
