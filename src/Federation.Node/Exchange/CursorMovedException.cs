using Federation.Protocol.Records;

namespace Federation.Node.Exchange;

/// <summary>Another follower of the same store has moved the cursor or found a fault: what was verified here is dropped, and read again from there.</summary>
internal sealed class CursorMovedException(InstituteId partner) : Exception($"the cursor of {partner} was moved by another follower");
