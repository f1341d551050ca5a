namespace Federation.Node.Exchange;

/// <summary>The partner's live records exceed the quota: the follower stops reading and goes on when there is room.</summary>
internal sealed class OverQuotaException(ulong live, ulong quota) : Exception($"{live} live records exceed the quota of {quota}");
