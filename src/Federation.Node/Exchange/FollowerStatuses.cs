using System.Collections.Concurrent;

namespace Federation.Node.Exchange;

/// <summary>The states of all followers, written by each follower and read by operators.</summary>
internal sealed class FollowerStatuses
{
    private readonly ConcurrentDictionary<int, FollowerStatus> byPartner = new();

    /// <summary>The state of one follower.</summary>
    public FollowerStatus Of(int partner) => byPartner.GetValueOrDefault(partner) ?? new FollowerStatus(FollowerState.New, "");

    /// <summary>Sets the state of one follower.</summary>
    public void Set(int partner, FollowerState state, string fault = "") => byPartner[partner] = new FollowerStatus(state, fault);
}
