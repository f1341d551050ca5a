using Federation.Protocol.Records;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Does in one world of a pair what the observed partner may not notice; each act is on its own and may be refused.</summary>
internal sealed class HiddenDesk(PairedOrigin origin, HiddenSide side, ScriptDesk script, Rng rng, PairedOptions options)
{
    private readonly Dictionary<RecordId, RecordDraft> _drafts = [];

    /// <summary>The invoker of the hidden desk's present life.</summary>
    public CallInvoker? Invoker { get; set; }

    public int Done { get; private set; }

    public int Refused { get; private set; }

    public Task ActAsync(Institute other) => rng.Below(options.Respells ? 12 : 11) switch
    {
        < 2 => PublishAsync(1),
        2 => PublishAsync(options.Many ? 400 + rng.Below(800) : 2 + rng.Below(30)),
        < 5 => ReviseAsync(),
        5 => EraseAsync(),
        < 9 => EditAsync(),
        9 => PolicyAsync(other),
        10 => AddAsync(other),
        _ => RespellAsync(),
    };

    /// <summary>Changes hidden parts of a visible record, and nothing else.</summary>
    public async Task EditAsync()
    {
        if (script.Editable.Count == 0 || (!options.Aims && !script.Quiet(origin.Node.World.Now)))
            return;
        var (id, visible) = script.Editable.ElementAt(rng.Below(script.Editable.Count));
        var revision = origin.Disk.VersionOf(new RecordName(origin.Id, id));
        side.EditParts(id, visible.Kind);
        var request = new ReviseRecordRequest { RecordId = id.ToString(), ExpectedRevision = (uint)revision, Record = side.Dress(id, visible) };
        await TryAsync(() => Records.ReviseRecordAsync(request, Header()));
        origin.Harvest(id, side);
    }

    /// <summary>Adds a partner with a ledger of a given stream, so that its id is known.</summary>
    public Task AddAsync(Institute other, ulong? stream = null)
    {
        var header = stream is { } known ? OwnCalls.Header(known, anyRevision: false) : Header();
        return TryAsync(() => Operators.AddPartnerAsync(new AddPartnerRequest { Card = other.Card, Share = true }, header));
    }

    private RecordsService.RecordsServiceClient Records => new(Invoker!);

    private OperatorService.OperatorServiceClient Operators => new(Invoker!);

    private async Task PublishAsync(int count)
    {
        var publishing = new List<Task>();
        var ids = new List<RecordId>();
        for (; count > 0; count--)
        {
            var draft = side.NewRecord();
            var id = RecordId.Parse(draft.RecordId);
            _drafts[id] = draft;
            ids.Add(id);
            publishing.Add(TryAsync(() => Records.PublishRecordAsync(new PublishRecordRequest { Record = draft }, Header())));
        }

        await Task.WhenAll(publishing);
        foreach (var id in ids)
            origin.Harvest(id, side);
    }

    private async Task ReviseAsync()
    {
        if (_drafts.Count == 0)
            return;
        var (id, before) = _drafts.ElementAt(rng.Below(_drafts.Count));
        var revision = origin.Disk.VersionOf(new RecordName(origin.Id, id));
        var draft = _drafts[id] = side.Revised(before);
        var request = new ReviseRecordRequest { RecordId = id.ToString(), ExpectedRevision = (uint)revision, Record = draft };
        await TryAsync(() => Records.ReviseRecordAsync(request, Header()));
        origin.Harvest(id, side);
    }

    private async Task EraseAsync()
    {
        if (_drafts.Count == 0)
            return;
        var id = _drafts.Keys.ElementAt(rng.Below(_drafts.Count));
        _drafts.Remove(id);
        var revision = origin.Disk.VersionOf(new RecordName(origin.Id, id));
        await TryAsync(() => Records.EraseRecordAsync(new EraseRecordRequest { RecordId = id.ToString(), ExpectedRevision = (uint)revision }, Header()));
    }

    private async Task PolicyAsync(Institute other)
    {
        var policy = PolicyText.Write(rng.Below(PolicyText.Variants), rng, () => side.Marker("a rule's name"));
        await TryAsync(() => Operators.ApplyPolicyAsync(new ApplyPolicyRequest { Partner = other.Name, FileName = "policy.yaml", Policy = policy, Confirmed = true }, Header()));
    }

    private Task RespellAsync() =>
        script.Done < 2 || script.Busy ? Task.CompletedTask : TryAsync(() => Operators.ApplyPolicyAsync(script.Respelled(), Header()));

    private Metadata Header() => OwnCalls.Header(rng.Next(), anyRevision: false);

    private async Task TryAsync<T>(Func<AsyncUnaryCall<T>> call)
    {
        try
        {
            await call();
            Done++;
        }
        catch (RpcException)
        {
            Refused++;
        }
    }
}
