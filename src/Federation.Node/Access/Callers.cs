using Federation.Node.Partners;
using Federation.Protocol.Errors;
using Grpc.Core;

namespace Federation.Node.Access;

/// <summary>Reads who calls, and refuses who may not. The transport's side puts the caller into the call's user state.</summary>
internal static class Callers
{
    /// <summary>The key in the call's user state.</summary>
    public const string Key = "federation.caller";

    /// <summary>The calling client, if it has one of the roles.</summary>
    public static ClientCaller Require(ServerCallContext context, ClientRoles anyOf)
    {
        if (context.UserState.TryGetValue(Key, out var caller) && caller is ClientCaller client)
        {
            return (client.Roles & anyOf) != 0
                ? client
                : throw FederationError.Exception(FederationReason.RoleMissing, $"this needs the role {Describe(anyOf)}");
        }

        throw FederationError.Exception(FederationReason.CallerUnknown, "the caller is not a client of this node");
    }

    /// <summary>The calling partner, as the roster in force has it.</summary>
    public static Partner RequirePartner(ServerCallContext context, RosterSource roster)
    {
        var partner = context.UserState.TryGetValue(Key, out var caller) && caller is PartnerCaller known ? roster.Current.Find(known.Institute) : null;
        return partner ?? throw FederationError.Exception(FederationReason.CallerUnknown, "the caller is not a partner of this node");
    }

    private static string Describe(ClientRoles roles) => roles.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal);
}
