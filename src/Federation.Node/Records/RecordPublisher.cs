using Federation.Node.Access;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Records;

/// <summary>Writes the institute's own records: validate, freeze, append. A write is published when it returns.</summary>
internal sealed class RecordPublisher(INodeStore store, InstituteId institute, TimeProvider time, EntropySource entropy)
{
    private static readonly TimeSpan ScrubRetry = TimeSpan.FromMilliseconds(50);

    private readonly RecordFreezer freezer = new(entropy);

    /// <summary>Publishes a record; one with provenance that is already known is revised, or left alone if its digest is the same.</summary>
    public async Task<WriteResult> PublishAsync(RecordDraft draft, string idempotencyKey, ClientCaller caller, CancellationToken cancellationToken)
    {
        CheckDraft(draft, idempotencyKey);
        if (draft.Envelope.State == RecordState.Withdrawn && draft.Provenance is null)
            throw Wrong("record.envelope.state", "a record is withdrawn by WithdrawRecord, unless it is imported as withdrawn");
        var import = ImportKeyOf(draft);
        for (var attempt = 0; ; attempt++)
        {
            var match = import is null ? null : await store.FindImportAsync(import, cancellationToken);
            if (match is not null && match.RawDigest == import!.RawDigest)
                return new WriteResult { RecordId = match.Name.Id.ToString(), Revision = (uint)match.Version, Unchanged = true };
            var write = match is null
                ? await BuildNewAsync(draft, idempotencyKey, caller, cancellationToken)
                : await BuildNextAsync(match.Name.Id, match.Version, draft, idempotencyKey, caller, draft, cancellationToken);
            var outcome = await store.WriteRecordAsync(write, cancellationToken);
            // Another import of the same item may have come first: it is found now.
            if (import is not null && attempt == 0 && outcome.Verdict is WriteVerdict.Exists or WriteVerdict.Conflict)
                continue;
            return ToResult(outcome);
        }
    }

    /// <summary>Replaces a record's envelope and parts.</summary>
    public async Task<WriteResult> ReviseAsync(ReviseRecordRequest request, ClientCaller caller, CancellationToken cancellationToken)
    {
        CheckDraft(request.Record, request.IdempotencyKey);
        var write = await BuildNextAsync(
            ParseId(request.RecordId), (int)request.ExpectedRevision, request.Record, request.IdempotencyKey, caller, request, cancellationToken);
        return ToResult(await store.WriteRecordAsync(write, cancellationToken));
    }

    /// <summary>Gives a record the state WITHDRAWN, and removes its content unless it is to be kept.</summary>
    public async Task<WriteResult> WithdrawAsync(WithdrawRecordRequest request, ClientCaller caller, CancellationToken cancellationToken)
    {
        var id = ParseId(request.RecordId);
        var content = await OpenOwnAsync(id, cancellationToken);
        var draft = RecordDrafts.From(content.Content, content.Record);
        draft.Envelope.State = RecordState.Withdrawn;
        draft.Envelope.StateReason = request.ReasonCode;
        draft.Envelope.StateDay = PreciseDates.DayOf(time.GetUtcNow());
        draft.ChangeSummary = request.ChangeSummary;
        if (!request.KeepContent)
            KeepTargetAlone(draft);
        CheckDraft(draft, request.IdempotencyKey);
        if (request.ReasonCode.Length == 0)
            throw Wrong("reason_code", "required");
        var gone = content.Content.Shape.Parts
            .Where(p => p.Gone || (!request.KeepContent && p.Part != 0 && p.Type != Part.AnnotationTargetFieldNumber))
            .Select(p => p with { Gone = true, Commitment = Digest.Zero }).ToList();
        var write = Build(content, (int)request.ExpectedRevision, draft, KeyOf(caller, request.IdempotencyKey, request), caller, gone);
        return ToResult(await store.WriteRecordAsync(write, cancellationToken));
    }

    /// <summary>Destroys a record's content and keys.</summary>
    public async Task EraseAsync(EraseRecordRequest request, CancellationToken cancellationToken)
    {
        var name = new RecordName(institute, ParseId(request.RecordId));
        var outcome = await store.EraseRecordAsync(name, (int)request.ExpectedRevision, NowMs(), cancellationToken);
        if (outcome.Verdict == WriteVerdict.NotFound)
            throw await NotFoundAsync(name.Id, cancellationToken);
        ToResult(outcome);

        // A reader may hold the log back for a moment; a call that is given up is finished by a repeat, or by the next start.
        while (!await store.ScrubAsync(cancellationToken))
            await Task.Delay(ScrubRetry, time, cancellationToken);
    }

    // Without its target an annotation can be shown to nobody, not even as withdrawn.
    private static void KeepTargetAlone(RecordDraft draft)
    {
        var kept = draft.Parts.Where(p => p.Part.ContentCase == Part.ContentOneofCase.AnnotationTarget).ToList();
        draft.Parts.Clear();
        draft.Parts.AddRange(kept);
    }

    private static void CheckDraft(RecordDraft? draft, string idempotencyKey)
    {
        var faults = new FieldFaults();
        faults.CheckLength("idempotency_key", idempotencyKey, 128);
        if (draft is null)
            faults.Add("record", "required");
        else
            DraftChecks.Check(draft, "record.", faults);
        faults.ThrowIfAny();
        if (draft!.Envelope.State == RecordState.Unspecified)
            draft.Envelope.State = RecordState.Final;
    }

    private async Task<RecordWrite> BuildNewAsync(RecordDraft draft, string idempotencyKey, ClientCaller caller, CancellationToken cancellationToken)
    {
        await CheckTargetAsync(draft, cancellationToken);
        var name = new RecordName(institute, draft.RecordId.Length > 0 ? RecordId.Parse(draft.RecordId) : NewRecordId());
        var saltKey = new byte[RecordSecret.SizeBytes];
        entropy(saltKey);
        var dataKey = new byte[BodyBox.KeySizeBytes];
        entropy(dataKey);
        using var secret = new RecordSecret(saltKey);
        var parts = freezer.Freeze(name, draft, secret, NowMs(), []);
        return Build(name, 0, draft, parts, [], (saltKey, dataKey), null, KeyOf(caller, idempotencyKey, draft), caller);
    }

    private async Task<RecordWrite> BuildNextAsync(
        RecordId id, int expected, RecordDraft draft, string idempotencyKey, ClientCaller caller, IMessage request, CancellationToken cancellationToken)
    {
        await CheckTargetAsync(draft, cancellationToken);
        var opened = await OpenOwnAsync(id, cancellationToken);
        if ((int)draft.Kind != opened.Record.Kind)
            throw Wrong("record.kind", "a record's kind can't change");
        return Build(opened, expected, draft, KeyOf(caller, idempotencyKey, request), caller, []);
    }

    private RecordWrite Build(
        (StoredRecord Record, StoredContent Content) before, int expected, RecordDraft draft, IdempotencyKey? key, ClientCaller caller, List<ShapePart> gone)
    {
        var record = before.Record;
        using var secret = new RecordSecret(record.SaltKey);
        var parts = freezer.Freeze(record.Name, draft, secret, NowMs(), before.Content.Parts);
        return Build(record.Name, expected, draft, parts, gone, (record.SaltKey!, record.DataKey!), before.Content.Shape, key, caller);
    }

    private RecordWrite Build(
        RecordName name,
        int expected,
        RecordDraft draft,
        List<FrozenPart> parts,
        List<ShapePart> gone,
        (byte[] Salt, byte[] Data) keys,
        RecordShape? before,
        IdempotencyKey? idempotency,
        ClientCaller caller)
    {
        var version = expected + 1;
        var shape = new RecordShape
        {
            ReleaseMs = RecordFreezer.ReleaseMs(draft.EmbargoUntil),
            Audience = AudienceWords.Institutes(draft.Audience),
            Groups = AudienceWords.Groups(draft.Audience),
            Topics = [.. draft.Envelope.Topics],
            State = (byte)draft.Envelope.State,
            Traits = TraitsOf(draft, before?.Traits, gone.Count > 0),
            Parts = [.. parts.Select(p => p.Shape).Concat(gone).OrderBy(p => p.Part)],
        };
        var openings = StoredContent.EncodeOpenings(parts);
        return new RecordWrite
        {
            Name = name,
            ExpectedVersion = expected,
            Kind = (int)draft.Kind,
            Schema = RecordLimits.Schema,
            Status = draft.Draft ? RecordStatus.Draft : RecordStatus.Live,
            NowMs = NowMs(),
            Attributes = RecordDrafts.AttributesOf(draft) with
            {
                HighestMarking = shape.Parts.Max(p => p.Marking),
                Types = TypeMask.Of(shape.Parts.Skip(1).Select(p => p.Type)),
            },
            Shape = shape.Encode(),
            Body = BodyBox.Seal(keys.Data, entropy, name, version, openings, StoredContent.EncodeHandling(draft, parts)),
            DataKey = keys.Data,
            SaltKey = keys.Salt,
            References = [.. shape.Parts.SelectMany(p => p.References).Distinct()],
            Groups = [.. shape.Groups.Concat(shape.Parts.SelectMany(p => p.Groups)).Distinct(StringComparer.Ordinal)],
            Note = new RevisionNote(version, caller.Name, NowMs(), draft.ChangeSummary),
            Idempotency = idempotency,
            Import = ImportKeyOf(draft),
        };
    }

    // A record that is withdrawn without its content keeps what rules ask of it: who was shown it is shown that it is withdrawn.
    private ShapeTraits TraitsOf(RecordDraft draft, ShapeTraits? before, bool contentGone)
    {
        var publishedMs = draft.Draft ? 0 : before is { PublishedMs: > 0 } published ? published.PublishedMs : NowMs();
        var traits = RecordDrafts.TraitsOf(draft, publishedMs);
        return contentGone && before is not null
            ? traits with { Severity = traits.Severity ?? before.Severity, Availability = traits.Availability ?? before.Availability }
            : traits;
    }

    // An annotation may be narrower than its target, never wider, and its target is never an annotation; what is not here can't be compared.
    private async Task CheckTargetAsync(RecordDraft draft, CancellationToken cancellationToken)
    {
        if (draft.Kind != RecordKind.Annotation)
            return;
        var target = draft.Parts.Select(p => p.Part.AnnotationTarget?.Target).First(t => t is not null)!;
        var name = new RecordName(InstituteId.Parse(target.Origin), RecordId.Parse(target.RecordId));
        var copies = await store.ReadRecordAsync(name, cancellationToken);
        foreach (var copy in copies.Where(c => c.Body is not null && c.Status is RecordStatus.Live or RecordStatus.Draft))
        {
            if (copy.Kind == (int)RecordKind.Annotation)
                throw Wrong("record.parts", "an annotation's target is no annotation");
            if (draft.Envelope.Marking < StoredContent.Open(copy).Envelope.Marking)
                throw Wrong("record.envelope.marking", "an annotation is marked at least as high as its target");
        }
    }

    private async Task<(StoredRecord Record, StoredContent Content)> OpenOwnAsync(RecordId id, CancellationToken cancellationToken)
    {
        var copies = await store.ReadRecordAsync(new RecordName(institute, id), cancellationToken);
        var record = copies.FirstOrDefault(c => c.Source == 0);
        if (record is null)
            throw await NotFoundAsync(id, cancellationToken);
        if (record.Body is null)
            throw FederationError.Exception(FederationReason.RecordErased, $"record {id} is erased");
        return (record, StoredContent.Open(record));
    }

    // To a publisher of the own institute it is no secret that a received record exists: the better answer is that it is another's.
    private async Task<RpcException> NotFoundAsync(RecordId id, CancellationToken cancellationToken)
    {
        var page = await store.FindOriginsAsync(id, cancellationToken);
        return page.Count > 0
            ? FederationError.Exception(FederationReason.NotOriginator, $"record {id} was issued by {page[0]}; only its originator revises or withdraws it")
            : FederationError.Exception(FederationReason.RecordNotFound, $"there is no record {id}");
    }

    private static WriteResult ToResult(WriteOutcome outcome) => outcome.Verdict switch
    {
        WriteVerdict.Written or WriteVerdict.Repeated => new WriteResult { RecordId = outcome.Id.ToString(), Revision = (uint)outcome.Version },
        WriteVerdict.KeyReused => throw FederationError.Exception(FederationReason.IdempotencyKeyReused, "the idempotency key was used with another request"),
        WriteVerdict.NotFound => throw FederationError.Exception(FederationReason.RecordNotFound, $"there is no record {outcome.Id}"),
        WriteVerdict.Conflict => throw FederationError.Exception(FederationReason.RevisionConflict, $"record {outcome.Id} has revision {outcome.Version}"),
        WriteVerdict.Exists => throw FederationError.Exception(FederationReason.AlreadyExists, $"record {outcome.Id} exists already"),
        WriteVerdict.UnknownGroup => throw FederationError.Exception(
            FederationReason.FieldInvalid, "record.audience: names a group that does not exist", ("record.audience", "names a group that does not exist")),
        WriteVerdict.Erased => throw FederationError.Exception(FederationReason.RecordErased, $"record {outcome.Id} is erased"),
        _ => throw FederationError.Exception(
            FederationReason.FieldInvalid, "record.draft: a published record never becomes a draft again", ("record.draft", "the record is published")),
    };

    private static ImportKey? ImportKeyOf(RecordDraft draft) => draft.Provenance is not { } from
        ? null
        : new ImportKey(from.Scheme, from.ExternalId, from.PathInSet, Digest.Read(from.RawDigest.Span));

    private static IdempotencyKey? KeyOf(ClientCaller caller, string key, IMessage request) =>
        key.Length == 0 ? null : new IdempotencyKey(caller.Name, key, Digest.Sha256(request.ToByteArray()));

    private static RecordId ParseId(string text) =>
        RecordId.TryParse(text, out var id) ? id : throw Wrong("record_id", "not a lower-case UUID");

    private static RpcException Wrong(string field, string description) =>
        FederationError.Exception(FederationReason.FieldInvalid, $"{field}: {description}", (field, description));

    private RecordId NewRecordId()
    {
        Span<byte> bytes = stackalloc byte[RecordId.SizeBytes];
        entropy(bytes);
        return RecordId.Read(bytes);
    }

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
