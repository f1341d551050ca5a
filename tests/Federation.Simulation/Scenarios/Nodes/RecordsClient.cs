using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Federation.Simulation.World;
using Federation.V1.Node;
using Federation.V1.Records;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>One of an institute's own systems: it writes records, one after the other, and tells the model first.</summary>
internal sealed class RecordsClient(
    string name, SimulatedInstitute institute, NodeLife life, CallInvoker invoker, ReferenceModel model, DraftMaker maker, SwarmPlan plan, Season season, Rng rng)
{
    private readonly RecordsService.RecordsServiceClient _client = new(invoker);
    private readonly PatientCaller _caller = new(life, rng, season);
    private readonly List<RecordName> _alive = [];
    private int _keys;

    public async Task RunAsync()
    {
        while (!season.Calm)
        {
            var hurry = _alive.Count > 0 && rng.Chance(plan.Hurry);
            await _caller.PauseAsync(hurry ? TimeSpan.FromMilliseconds(15) : plan.WriteEvery);
            await StepAsync(hurry);
        }

        season.Loops--;
    }

    /// <summary>One operation; in a hurry on the record that was written last.</summary>
    private Task StepAsync(bool hurry)
    {
        var draw = rng.Below(plan.Weights.Sum());
        var operation = 0;
        while (draw >= plan.Weights[operation])
            draw -= plan.Weights[operation++];
        if (_alive.Count == 0 || (operation == 0 && !hurry))
            return PublishAsync();
        var record = hurry ? _alive[^1] : rng.Pick(_alive);
        return operation switch
        {
            0 or 1 => ReviseAsync(record),
            2 => WithdrawAsync(record),
            _ => EraseAsync(record),
        };
    }

    private async Task PublishAsync()
    {
        var draft = maker.New(Known());
        var record = new RecordName(institute.Id, RecordId.Parse(draft.RecordId));
        model.Intend(record, draft);
        var request = new PublishRecordRequest { Record = draft, IdempotencyKey = Key() };
        var (answer, refusal) = await _caller.CallAsync("publish", deadline => _client.PublishRecordAsync(request, deadline: deadline));
        if (answer is null)
            Refused("publish", record, draft, refusal!);
        else
            _alive.Add(record);
    }

    private async Task ReviseAsync(RecordName record)
    {
        var version = model.Versions(record);
        var draft = maker.Revised(model.Content(record, version)!, Known());
        model.Intend(record, draft);
        var request = new ReviseRecordRequest { RecordId = record.Id.ToString(), ExpectedRevision = (uint)version, Record = draft, IdempotencyKey = Key() };
        var (answer, refusal) = await _caller.CallAsync("revise", deadline => _client.ReviseRecordAsync(request, deadline: deadline));
        if (answer is null)
            Refused("revise", record, draft, refusal!);
        else if (answer.Result.Revision != version + 1)
            life.World.Fail($"{record.Id} was revised to {answer.Result.Revision} where {version + 1} was due");
    }

    private async Task WithdrawAsync(RecordName record)
    {
        var version = model.Versions(record);
        var draft = model.Content(record, version)!.Clone();
        var keep = rng.Chance(0.4);
        draft.Envelope.State = RecordState.Withdrawn;
        draft.Envelope.StateReason = "MISTAKEN";
        draft.Envelope.StateDay = PreciseDates.DayOf(SimWorld.Origin);
        model.Intend(record, draft, partsGone: !keep);
        _alive.Remove(record);
        var request = new WithdrawRecordRequest
        {
            RecordId = record.Id.ToString(),
            ExpectedRevision = (uint)version,
            ReasonCode = "MISTAKEN",
            KeepContent = keep,
            IdempotencyKey = Key(),
        };
        var (_, refusal) = await _caller.CallAsync("withdraw", deadline => _client.WithdrawRecordAsync(request, deadline: deadline));
        if (refusal is not null)
            Refused("withdraw", record, draft, refusal);
    }

    private async Task EraseAsync(RecordName record)
    {
        var request = new EraseRecordRequest { RecordId = record.Id.ToString(), ExpectedRevision = (uint)model.Versions(record) };
        model.Intend(record, null);
        _alive.Remove(record);
        var (_, refusal) = await _caller.CallAsync("erase", deadline => _client.EraseRecordAsync(request, deadline: deadline));
        if (refusal is not null)
            life.World.Fail($"erasing {record.Id} is refused: {refusal}");
    }

    /// <summary>Only an annotation may be refused, for being wider than its target; and what is refused is not written, now or before.</summary>
    private void Refused(string what, RecordName record, RecordDraft draft, FederationReason reason)
    {
        if (draft.Kind != RecordKind.Annotation || reason != FederationReason.FieldInvalid)
            life.World.Fail($"{what} of {record.Id} is refused: {reason}");
        if (institute.Disk.VersionOf(record) >= model.Versions(record))
            life.World.Fail($"{what} of {record.Id} is written and refused when repeated");
        model.Forget(record);
    }

    private List<RecordName> Known() =>
        [.. model.Records.Where(record => model.Content(record, model.Versions(record)) is { Kind: not RecordKind.Annotation })];

    private string Key() => $"{name}-{++_keys}";
}
