using Federation.Node.Sharing;
using Federation.Node.Storage;

namespace Federation.Node.Operations;

/// <summary>A partner's archived policies, compiled, each once.</summary>
internal sealed class PolicyArchive(INodeStore store, Partners.Partner partner)
{
    private readonly Dictionary<long, PolicyDocument?> documents = [];

    /// <summary>The policy of an epoch as it is stored; null if there was none.</summary>
    public async Task<StoredPolicy?> FindStoredAsync(long epoch, CancellationToken cancellationToken) =>
        (await store.ReadPoliciesAsync(partner.Number, epoch + 1, 1, cancellationToken)).FirstOrDefault(policy => policy.Epoch == epoch);

    /// <summary>The policy of an epoch; null if there was none, or it is not understood any more.</summary>
    public async Task<PolicyDocument?> FindAsync(long epoch, CancellationToken cancellationToken)
    {
        if (documents.TryGetValue(epoch, out var known))
            return known;
        var stored = await FindStoredAsync(epoch, cancellationToken);
        PolicyDocument? document = null;
        if (stored is not null)
            PolicyCompiler.TryCompile(stored.Text, $"{partner.Institute}@{epoch}", null, out document, out _);
        documents.Add(epoch, document);
        return document;
    }
}
