namespace Federation.Node.Exchange;

/// <summary>What operators see of a running follower.</summary>
internal sealed record FollowerStatus(FollowerState State, string Fault);
