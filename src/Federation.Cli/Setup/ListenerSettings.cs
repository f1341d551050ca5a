namespace Federation.Cli.Setup;

/// <summary>Where a listener is bound.</summary>
/// <param name="Address">An IP address.</param>
/// <param name="Port">A port; 0 lets the system choose one.</param>
internal sealed record ListenerSettings(string Address, int Port);
