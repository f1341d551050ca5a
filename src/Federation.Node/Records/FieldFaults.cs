using Federation.Protocol.Errors;
using Grpc.Core;

namespace Federation.Node.Records;

/// <summary>Gathers what is wrong with a request, so that all of it is reported at once.</summary>
internal sealed class FieldFaults
{
    private const int MaxReported = 64;

    private readonly List<(string Field, string Description)> faults = [];
    private bool overLimit;

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool None => faults.Count == 0;

    /// <summary>Notes a wrong field.</summary>
    public void Add(string field, string description)
    {
        if (faults.Count < MaxReported)
            faults.Add((field, description));
    }

    /// <summary>Notes a field that exceeds a bound.</summary>
    public void AddLimit(string field, string description)
    {
        overLimit |= None;
        Add(field, description);
    }

    /// <summary>Notes a text that is too long.</summary>
    public void CheckLength(string field, string text, int maxCharacters)
    {
        if (text.Length > maxCharacters)
            AddLimit(field, $"at most {maxCharacters} characters; it has {text.Length}");
    }

    /// <summary>Throws if anything is wrong.</summary>
    public void ThrowIfAny()
    {
        if (!None)
            throw ToException();
    }

    /// <summary>What the caller sees.</summary>
    public RpcException ToException()
    {
        var (field, description) = faults[0];
        var reason = overLimit ? FederationReason.LimitExceeded : FederationReason.FieldInvalid;
        return FederationError.Exception(reason, $"{field}: {description}", [.. faults]);
    }
}
