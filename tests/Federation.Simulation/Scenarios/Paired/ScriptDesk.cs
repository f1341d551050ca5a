using Federation.Protocol.Records;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Carries out the visible script, one step after the other, and dresses each draft in what its world hides.</summary>
internal sealed class ScriptDesk(PairedOrigin origin, HiddenSide side, Rng rng, Institute observed, IReadOnlyList<ScriptStep> steps, ulong seed)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(60);
    private readonly Dictionary<RecordId, RecordDraft> _editable = [];
    private int _variant;
    private int _next;
    private TimeSpan _lastAt;

    /// <summary>Records whose hidden parts may be edited now, with what is visible of each; those under way are not among them.</summary>
    public IReadOnlyDictionary<RecordId, RecordDraft> Editable => _editable;

    /// <summary>Whether a step is under way.</summary>
    public bool Busy { get; private set; }

    public int Done => _next;

    /// <summary>Whether no step waits for its tick, and no policy comes before the next tick.</summary>
    public bool Quiet(TimeSpan now) =>
        !Busy
        && now > _lastAt + s_quiet
        && (_next == steps.Count || steps[_next].Operation != ScriptOperation.ApplyPolicy || steps[_next].At > now + s_quiet);

    public async Task RunAsync(NodeLife life, CallInvoker invoker)
    {
        var records = new RecordsService.RecordsServiceClient(invoker);
        var operators = new OperatorService.OperatorServiceClient(invoker);
        while (_next < steps.Count)
        {
            var wait = steps[_next].At - life.World.Now;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, life.Time);
            while (origin.Down)
                await Task.Delay(TimeSpan.FromMilliseconds(100), life.Time);
            Busy = true;
            await DoAsync(steps[_next], records, operators, (life.Time.GetUtcNow() + s_deadline).UtcDateTime);
            Busy = false;
            _lastAt = life.World.Now;
            _next++;
        }
    }

    /// <summary>The policy that is in force for the observed partner, in other words.</summary>
    public ApplyPolicyRequest Respelled() =>
        new() { Confirmed = true, Partner = observed.Name, FileName = "policy.yaml", Policy = PolicyText.Write(_variant, rng, () => side.Marker("a rule's name")) };

    private async Task DoAsync(
        ScriptStep step, RecordsService.RecordsServiceClient records, OperatorService.OperatorServiceClient operators, DateTime deadline)
    {
        var options = new CallOptions(OwnCalls.Header(seed + (ulong)step.Number, anyRevision: true), deadline);
        _editable.Remove(step.Record);
        var id = step.Record.ToString();
        switch (step.Operation)
        {
            case ScriptOperation.AddPartner:
                await operators.AddPartnerAsync(new AddPartnerRequest { Card = observed.Card, Share = true }, options);
                break;
            case ScriptOperation.ApplyPolicy:
                _variant = (_variant + 1 + (int)(seed % 5) + step.Number) % PolicyText.Variants;
                await operators.ApplyPolicyAsync(Respelled(), options);
                break;
            case ScriptOperation.Publish:
                if (rng.Chance(0.7))
                    side.EditParts(step.Record, step.Draft!.Kind);
                var draft = side.Dress(step.Record, step.Draft!);
                draft.RecordId = id;
                await records.PublishRecordAsync(new PublishRecordRequest { Record = draft }, options);
                break;
            case ScriptOperation.Revise:
                await records.ReviseRecordAsync(new ReviseRecordRequest { RecordId = id, Record = side.Dress(step.Record, step.Draft!) }, options);
                break;
            case ScriptOperation.Withdraw:
                var withdrawal = new WithdrawRecordRequest { RecordId = id, ReasonCode = "MISTAKEN", KeepContent = step.KeepsContent };
                await records.WithdrawRecordAsync(withdrawal, options);
                break;
            default:
                await records.EraseRecordAsync(new EraseRecordRequest { RecordId = id }, options);
                break;
        }

        origin.Harvest(step.Record, side);
        if (step.Draft is { } visible)
            _editable[step.Record] = visible;
    }
}
