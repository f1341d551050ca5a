using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>Puts a policy in force for one partner.</summary>
internal sealed record PolicyWrite(int Partner, string Policy, Digest ClassHash, long NowMs)
{
    /// <summary>The client that puts it in force.</summary>
    public string Author { get; init; } = "";
}
