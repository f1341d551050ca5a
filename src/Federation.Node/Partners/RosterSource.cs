using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;

namespace Federation.Node.Partners;

/// <summary>
/// Holds the roster in force and replaces it whole after each change of partners or policies. Readers take the reference once and
/// work with one consistent roster; no lock lies on their path.
/// </summary>
internal sealed class RosterSource(INodeStore store, SignatureScheme scheme, InstituteId self, Digest selfRoot)
{
    private readonly Lock replacing = new();
    private volatile Roster current = new([], [], Communities.None);

    // Guarded by the lock: reloads that were asked for, and the one whose reading is in force.
    private long asked;
    private long inForce;

    // Completed and replaced with each new roster; owned by ReloadAsync.
    private volatile TaskCompletionSource changed = NewSignal();

    /// <summary>The roster in force.</summary>
    public Roster Current => current;

    /// <summary>Completes when the roster is replaced after this call.</summary>
    public Task NextChange => changed.Task;

    /// <summary>Reads partners and policies from the store and puts them in force.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        long turn;
        lock (replacing)
            turn = ++asked;
        // Read before what partners say of their lists: a change in between makes the number too old, and what is judged by it is refused.
        var communities = new Communities(await store.ReadCommunitiesAsync(cancellationToken), self, selfRoot);
        var snapshot = await store.ReadNodeAsync(cancellationToken);
        var before = current;
        var roster = new Roster(
            [.. snapshot.Partners.Select(stored => Build(stored, snapshot, communities, before.Find(stored.Number)))], snapshot.Groups, communities);
        lock (replacing)
        {
            // Of two reloads at a time the one asked for later counts, whichever reads faster: an older reading may lack a policy.
            if (turn < inForce)
                return;
            inForce = turn;
            current = roster;
            var signal = changed;
            changed = NewSignal();
            signal.TrySetResult();
        }
    }

    // What has not changed is taken over: verifying cards and compiling policies would cost every change of one partner the time of all.
    private Partner Build(StoredPartner stored, NodeSnapshot snapshot, Communities communities, Partner? before)
    {
        var card = PartnerCard.Parser.ParseFrom(stored.Card);
        var keys = before is not null && before.Card.Equals(card) ? before.Keys : Verify(stored, card);
        var document = before is not null && before.PolicyEpoch == stored.PolicyEpoch ? before.Document : Compile(stored);
        var recipient = new Recipient
        {
            Institute = stored.Institute,
            Groups = StoredGroup.Of(stored.Institute, snapshot.Groups),
            Fellows = communities.FellowsOf(stored, snapshot.Partners),
            TakesForwarded = stored.TakesForwarded,
        };
        return new Partner
        {
            Number = stored.Number,
            Institute = stored.Institute,
            Card = card,
            RootFingerprint = stored.RootFingerprint,
            Keys = keys,
            Share = stored.Share,
            Follow = stored.Follow,
            PolicyEpoch = stored.PolicyEpoch,
            Membership = stored.Membership,
            Community = communities.Number,
            OwnLists = communities.With(stored.Institute, stored.RootFingerprint),
            ItsLists = stored.Communities,
            CommonLists = communities.Common(stored),
            Recipient = recipient,
            Document = document,
            Policy = document?.For(recipient),
        };
    }

    private KeyRing Verify(StoredPartner stored, PartnerCard card) => PartnerCards.TryVerify(card, scheme, out var verified, out var error)
        ? verified.Keys
        : throw new StoreFaultException($"the stored card of partner {stored.Institute} can't be verified: {error}");

    // A policy that was accepted once and is not understood now shares nothing: the program is older than the policy.
    private static PolicyDocument? Compile(StoredPartner stored) =>
        stored.Policy is { } text && PolicyCompiler.TryCompile(text, $"{stored.Institute}@{stored.PolicyEpoch}", null, out var document, out _)
            ? document
            : null;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
