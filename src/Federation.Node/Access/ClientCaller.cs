namespace Federation.Node.Access;

/// <summary>A client of the institute's own listener.</summary>
internal sealed record ClientCaller(string Name, ClientRoles Roles);
