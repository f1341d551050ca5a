using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Federation.Protocol.Errors;

/// <summary>
/// The closed table of reasons for which a call is refused. On the wire the name stands in <c>google.rpc.ErrorInfo.reason</c>, under
/// the domain <see cref="FederationError.Domain"/>.
/// </summary>
public sealed class FederationReason
{
    public static readonly FederationReason FieldInvalid =
        new("FIELD_INVALID", StatusCode.InvalidArgument, "A field is missing or malformed; the bad fields are listed.");

    public static readonly FederationReason LimitExceeded =
        new("LIMIT_EXCEEDED", StatusCode.InvalidArgument, "Something is larger than the protocol allows, and will never be accepted at that size.");

    public static readonly FederationReason PolicyInvalid =
        new("POLICY_INVALID", StatusCode.InvalidArgument, "The sharing policy does not compile; its faults are listed as bad fields.");

    public static readonly FederationReason SignatureInvalid =
        new("SIGNATURE_INVALID", StatusCode.InvalidArgument, "A signature is not by an active key of the right purpose.");

    public static readonly FederationReason ReceiptInvalid =
        new("RECEIPT_INVALID", StatusCode.InvalidArgument, "The receipt is not of this ledger, or countersigns what was never signed.");

    public static readonly FederationReason RecordNotFound =
        new("RECORD_NOT_FOUND", StatusCode.NotFound, "There is no such record that the caller may see.");

    public static readonly FederationReason LedgerNotFound =
        new("LEDGER_NOT_FOUND", StatusCode.NotFound, "There is no such ledger for the caller.");

    public static readonly FederationReason PartnerNotFound =
        new("PARTNER_NOT_FOUND", StatusCode.NotFound, "There is no such partner.");

    public static readonly FederationReason ClientNotFound =
        new("CLIENT_NOT_FOUND", StatusCode.NotFound, "There is no such client of this node.");

    public static readonly FederationReason EntryNotFound =
        new("ENTRY_NOT_FOUND", StatusCode.NotFound, "The ledger has no entry of that number.");

    public static readonly FederationReason NotOriginator =
        new("NOT_ORIGINATOR", StatusCode.PermissionDenied, "Only the institute that wrote a record may change it.");

    public static readonly FederationReason RoleMissing =
        new("ROLE_MISSING", StatusCode.PermissionDenied, "The caller is known and lacks the role that the call needs.");

    public static readonly FederationReason CallerUnknown =
        new("CALLER_UNKNOWN", StatusCode.Unauthenticated, "The caller's key is not one that this node knows.");

    public static readonly FederationReason RevisionConflict =
        new("REVISION_CONFLICT", StatusCode.Aborted, "The record has another version than the caller expected; read it and try again.");

    public static readonly FederationReason AlreadyExists =
        new("ALREADY_EXISTS", StatusCode.AlreadyExists, "There already is one of that name, and it differs.");

    public static readonly FederationReason IdempotencyKeyReused =
        new("IDEMPOTENCY_KEY_REUSED", StatusCode.FailedPrecondition, "The idempotency key was used before, for another request.");

    public static readonly FederationReason RecordErased =
        new("RECORD_ERASED", StatusCode.FailedPrecondition, "The record was erased and cannot be written again.");

    public static readonly FederationReason ConfirmationRequired =
        new("CONFIRMATION_REQUIRED", StatusCode.FailedPrecondition, "The change concerns so many records that it has to be confirmed.");

    public static readonly FederationReason HelloRequired =
        new("HELLO_REQUIRED", StatusCode.FailedPrecondition, "The call needs a Hello since this node last started.");

    public static readonly FederationReason VersionUnsupported =
        new("VERSION_UNSUPPORTED", StatusCode.FailedPrecondition, "The two nodes have no protocol version in common.");

    public static readonly FederationReason LedgerForked =
        new("LEDGER_FORKED", StatusCode.FailedPrecondition, "The two nodes hold contradicting heads of this ledger; operators must resolve it.");

    public static readonly FederationReason LedgerNotReady =
        new("LEDGER_NOT_READY", StatusCode.FailedPrecondition, "The ledger can't take this as it stands now: it is being read over the network, is halted, or goes on elsewhere.");

    public static readonly FederationReason ProofUnavailable =
        new("PROOF_UNAVAILABLE", StatusCode.FailedPrecondition, "What is asked for lies within entries that came back as one hash after a loss: nothing can be shown or proven there.");

    public static readonly FederationReason RateLimited =
        new("RATE_LIMITED", StatusCode.ResourceExhausted, "The caller is over its share; try again after the delay in the trailers.");

    public static readonly FederationReason StoreFull =
        new("STORE_FULL", StatusCode.ResourceExhausted, "The node's disk is full; nothing was written.");

    public static readonly FederationReason BackupFailed =
        new("BACKUP_FAILED", StatusCode.FailedPrecondition, "The copy could not be written where it was to go; nothing of it is left.");

    public static readonly FederationReason ShuttingDown =
        new("SHUTTING_DOWN", StatusCode.Unavailable, "The node is stopping; try again.");

    public static readonly FederationReason Internal =
        new("INTERNAL", StatusCode.Internal, "The node failed; its operator's log says how.");

    private static readonly FrozenDictionary<string, FederationReason> ByName = new[]
    {
        FieldInvalid, LimitExceeded, PolicyInvalid, SignatureInvalid, ReceiptInvalid, RecordNotFound, LedgerNotFound, PartnerNotFound,
        ClientNotFound, EntryNotFound, NotOriginator, RoleMissing, CallerUnknown, RevisionConflict, AlreadyExists, IdempotencyKeyReused, RecordErased,
        ConfirmationRequired, HelloRequired, VersionUnsupported, LedgerForked, LedgerNotReady, ProofUnavailable, RateLimited, StoreFull, BackupFailed, ShuttingDown, Internal,
    }.ToFrozenDictionary(reason => reason.Name);

    private FederationReason(string name, StatusCode statusCode, string meaning)
    {
        Name = name;
        StatusCode = statusCode;
        Meaning = meaning;
    }

    /// <summary>All reasons, by name.</summary>
    public static IReadOnlyList<FederationReason> All { get; } = [.. ByName.Values.OrderBy(reason => reason.Name, StringComparer.Ordinal)];

    /// <summary>The name on the wire, in upper snake case; never changes.</summary>
    public string Name { get; }

    /// <summary>The gRPC status code that always goes with the reason.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>When the reason is given: one sentence.</summary>
    public string Meaning { get; }

    /// <summary>Finds a reason by its name; false for a name that this version does not know.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out FederationReason? reason) => ByName.TryGetValue(name, out reason);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
