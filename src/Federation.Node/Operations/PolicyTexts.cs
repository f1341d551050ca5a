using Federation.Node.Sharing;
using Federation.Protocol.Errors;

namespace Federation.Node.Operations;

/// <summary>Compiles policies that callers hand over.</summary>
internal static class PolicyTexts
{
    private const int MaxFileName = 256;

    /// <summary>Compiles a policy, or refuses the call with every fault.</summary>
    public static PolicyDocument Compile(string text, string fileName, IReadOnlySet<string> groups)
    {
        var name = fileName.Length is 0 or > MaxFileName ? "policy.yaml" : fileName;
        if (PolicyCompiler.TryCompile(text, name, groups, out var document, out var faults))
            return document!;
        throw FederationError.Exception(
            FederationReason.PolicyInvalid, faults[0].ToString(), [.. faults.Select(f => ($"{f.File}:{f.Line}:{f.Column}", f.Message))]);
    }
}
