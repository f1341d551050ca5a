using Federation.Node.Tests.Infrastructure;

namespace Federation.Node.Tests.Exchange;

/// <summary>A way to tamper with what a follower is sent, and the fault that it must find.</summary>
internal sealed record Attack(string Fault, Action<HostileBatch> Tamper);
