using Federation.Protocol.Records;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Federation.V1.Node;
using Federation.V1.Records;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Restores;

/// <summary>
/// An institute's systems and its operator, on a machine that forgets nothing: it writes on as if its node had not forgotten either, and
/// takes refusals as they come.
/// </summary>
internal sealed class RestoredDesk(SimulatedInstitute institute, IReadOnlyList<Institute> partners, Season season, Rng rng)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly Marking[] s_markings = [Marking.Clear, Marking.Green, Marking.Green, Marking.Amber, Marking.AmberStrict];
    private readonly List<RecordName> _written = [];
    private RecordsService.RecordsServiceClient? _records;
    private OperatorService.OperatorServiceClient? _operator;
    private int _count;

    public SimulatedInstitute Institute => institute;

    /// <summary>The machine on which the desk runs.</summary>
    public SimNode? Node { get; set; }

    /// <summary>Whether all partners are there, each with a policy.</summary>
    public bool IsSetUp { get; private set; }

    /// <summary>The record that was published last for all to see.</summary>
    public RecordName Marker { get; private set; }

    public async Task RunAsync(NodeLife life, CallInvoker invoker)
    {
        (_records, _operator) = (new RecordsService.RecordsServiceClient(invoker), new OperatorService.OperatorServiceClient(invoker));
        var caller = new PatientCaller(life, rng.Fork(1), season);
        foreach (var partner in partners)
        {
            var request = new AddPartnerRequest { Card = partner.Card, Share = true, Follow = true };
            await caller.CallAsync("add partner", deadline => _operator.AddPartnerAsync(request, deadline: deadline));
            await caller.CallAsync("first policy", deadline => _operator.ApplyPolicyAsync(Policy(partner, Ceilings.Wide), deadline: deadline));
        }

        IsSetUp = true;
        var every = rng.Between(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(5));
        while (!season.Calm)
        {
            await caller.PauseAsync(every);
            await StepAsync(life);
        }

        season.Loops--;
    }

    /// <summary>Publishes a record for all to see.</summary>
    public async Task<bool> PublishMarkerAsync(NodeLife life)
    {
        var draft = Draft(Marking.Clear);
        var request = new PublishRecordRequest { Record = draft, IdempotencyKey = draft.RecordId };
        var caller = new PatientCaller(life, rng.Fork(2), season);
        var (answer, refusal) = await caller.CallAsync("marker", deadline => _records!.PublishRecordAsync(request, deadline: deadline));
        if (answer is null)
            life.World.Fail($"a marker of {institute.Id} is refused: {refusal}");
        Marker = new RecordName(institute.Id, RecordId.Parse(draft.RecordId));
        return true;
    }

    private async Task StepAsync(NodeLife life)
    {
        var deadline = (life.Time.GetUtcNow() + s_deadline).UtcDateTime;
        var (what, call) = Choose(deadline);
        try
        {
            await call;
            season.Count(what);
        }
        catch (RpcException refusal)
        {
            season.Count($"{what}: {refusal.StatusCode}");
        }
    }

    private (string What, Task Call) Choose(DateTime deadline)
    {
        var draw = rng.Below(30);
        if (draw == 0)
        {
            var policy = Policy(rng.Pick(partners), rng.Chance(0.6) ? Ceilings.Wide : Ceilings.Narrow);
            return ("policy", _operator!.ApplyPolicyAsync(policy, deadline: deadline).ResponseAsync);
        }

        if (draw < 12 || _written.Count == 0)
        {
            var draft = Draft(rng.Pick(s_markings));
            _written.Add(new RecordName(institute.Id, RecordId.Parse(draft.RecordId)));
            return ("publish", _records!.PublishRecordAsync(new PublishRecordRequest { Record = draft }, deadline: deadline).ResponseAsync);
        }

        // The newest ones more often: what is lost with a disk is what was written last.
        var name = rng.Chance(0.5) ? _written[^(1 + rng.Below(Math.Min(5, _written.Count)))] : rng.Pick(_written);
        return Change(name, (uint)institute.Disk.VersionOf(name), draw, deadline);
    }

    private (string What, Task Call) Change(RecordName name, uint revision, int draw, DateTime deadline)
    {
        var id = name.Id.ToString();
        if (draw < 25)
        {
            var draft = Draft(rng.Pick(s_markings));
            draft.RecordId = "";
            draft.ChangeSummary = "another";
            var revise = new ReviseRecordRequest { RecordId = id, ExpectedRevision = revision, Record = draft };
            return ("revise", _records!.ReviseRecordAsync(revise, deadline: deadline).ResponseAsync);
        }

        if (draw < 28)
        {
            var withdraw = new WithdrawRecordRequest { RecordId = id, ExpectedRevision = revision, ReasonCode = "MISTAKEN" };
            return ("withdraw", _records!.WithdrawRecordAsync(withdraw, deadline: deadline).ResponseAsync);
        }

        return ("erase", _records!.EraseRecordAsync(new EraseRecordRequest { RecordId = id, ExpectedRevision = revision }, deadline: deadline).ResponseAsync);
    }

    private RecordDraft Draft(Marking marking)
    {
        var draft = new RecordDraft
        {
            Kind = RecordKind.Incident,
            Envelope = new Envelope { Title = $"{institute.Id} title {++_count}", Language = "en", State = RecordState.Interim, Marking = marking },
            RecordId = new RecordId(new UInt128(rng.Next(), rng.Next())).ToString(),
        };
        draft.Parts.Add(new PartDraft { Key = "summary", Part = new Part { IncidentSummary = new IncidentSummary { Description = $"summary {_count}" } } });
        if (rng.Chance(0.4))
        {
            var steps = new Part { IncidentReproduction = new IncidentReproduction { Prerequisites = $"steps {_count}" }, Marking = Marking.AmberStrict };
            draft.Parts.Add(new PartDraft { Key = "steps", Part = steps });
        }

        return draft;
    }

    private static ApplyPolicyRequest Policy(Institute partner, string policy) =>
        new() { Partner = partner.Name, Policy = policy, FileName = "policy.yaml", Confirmed = true };
}
