using Federation.Protocol.Records;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Embargo;

/// <summary>One institute's own people: they add the partners, share everything, and publish records under embargo.</summary>
internal sealed class EmbargoDesk(
    NodeLife life, CallInvoker invoker, SimulatedInstitute institute, ReferenceModel model, EmbargoWatch watch, Season season, Rng rng)
{
    private static readonly ModelPolicy s_everything = new(Marking.Red, [new ModelRule("everything", false, [], Marking.Red, [], [], [], false)]);
    private readonly PatientCaller _caller = new(life, rng, season);
    private int _keys;

    public async Task ShareAsync(IReadOnlyList<Institute> partners)
    {
        var client = new OperatorService.OperatorServiceClient(invoker);
        foreach (var partner in partners)
        {
            var add = new AddPartnerRequest { Card = partner.Card, Share = true, Follow = true };
            await _caller.CallAsync("add partner", deadline => client.AddPartnerAsync(add, deadline: deadline));
            var apply = new ApplyPolicyRequest { Partner = partner.Name, Policy = model.Intend(s_everything), FileName = "policy.yaml", Confirmed = true };
            await _caller.CallAsync("apply policy", deadline => client.ApplyPolicyAsync(apply, deadline: deadline));
        }
    }

    public async Task PublishAsync(TimeSpan until)
    {
        var client = new RecordsService.RecordsServiceClient(invoker);
        while (life.World.Now < until)
        {
            await Task.Delay(rng.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60)), life.Time);
            var (draft, record, value) = NewDraft(until);
            model.Intend(record, draft);
            watch.Add(value);
            var request = new PublishRecordRequest { Record = draft, IdempotencyKey = $"key {++_keys}" };
            var (answer, refusal) = await _caller.CallAsync("publish", deadline => client.PublishRecordAsync(request, deadline: deadline));
            if (answer is null)
                life.World.Fail($"publishing {record.Id} is refused: {refusal}");
        }
    }

    /// <summary>Most embargoes end soon enough to be seen, some long after the run; of some records only a part is under embargo.</summary>
    private (RecordDraft Draft, RecordName Record, EmbargoedValue Value) NewDraft(TimeSpan until)
    {
        var record = new RecordName(institute.Id, new RecordId(new UInt128(rng.Next(), rng.Next())));
        var away = rng.Chance(0.4) ? rng.Between(TimeSpan.FromHours(1), TimeSpan.FromDays(20)) : rng.Between(TimeSpan.Zero, until);
        var end = life.World.Now + away;
        var summary = new Part { IncidentSummary = new IncidentSummary { Description = $"summary of {record.Id}" } };
        var draft = new RecordDraft
        {
            RecordId = record.Id.ToString(),
            Kind = RecordKind.Incident,
            Envelope = new Envelope { Title = $"title of {record.Id}", Language = "en", State = RecordState.Interim, Marking = Marking.Green },
        };
        draft.Parts.Add(new PartDraft { Key = "summary", Part = summary });
        var embargo = Timestamp.FromDateTimeOffset(SimWorld.Origin + end);
        if (rng.Chance(0.5))
        {
            draft.EmbargoUntil = embargo;
            return (draft, record, new EmbargoedValue(record, summary.ToByteArray(), end));
        }

        var harm = new Part { IncidentHarm = new IncidentHarm { Statement = $"harm of {record.Id}" } };
        draft.Parts.Add(new PartDraft { Key = "harm", Part = harm, EmbargoUntil = embargo });
        return (draft, record, new EmbargoedValue(record, harm.ToByteArray(), end));
    }
}
