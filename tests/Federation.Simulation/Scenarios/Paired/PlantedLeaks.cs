using Federation.Node.Storage;
using Federation.Simulation.Scenarios.Nodes;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Leaks of the kinds that the protocol is made to exclude. Pairs of worlds that do not find them say nothing about the node.</summary>
internal static class PlantedLeaks
{
    /// <summary>The statement follows the record's own revision: an edit of hidden parts adds an entry.</summary>
    public static INodeStore StatementCountsEdits(INodeStore inner, LeakSurroundings around) => new CountingStore(inner);

    /// <summary>Judging takes a millisecond for each record, visible or not.</summary>
    public static INodeStore HiddenWorkTakesTime(INodeStore inner, LeakSurroundings around) => new SlowStore(inner, around);

    /// <summary>Where batches end depends on how many records there are.</summary>
    public static Interceptor RecordsCutBatches(LeakSurroundings around) => new PartnerLeak
    {
        OnRequest = request =>
        {
            if (request is FollowRequest { MaxBatchEntries: <= 256 } follow)
                follow.MaxBatchEntries = 1 + (uint)(Count(around, "SELECT count(*) FROM record") % 7);
        },
    };

    /// <summary>Another partner's ledger is refused in other words than one that does not exist.</summary>
    public static Interceptor ForeignIsNotAbsent(LeakSurroundings around) => new PartnerLeak
    {
        OnRefusal = (request, refusal) =>
        {
            if (request is not HelloRequest hello || !Exists(around, hello.LedgerId))
                return refusal;
            return new RpcException(new Status(StatusCode.PermissionDenied, "the ledger is another's"), refusal.Trailers);
        },
    };

    public static Interceptor IdInBatch(LeakSurroundings around) => new PartnerLeak
    {
        OnBatch = batch => batch.Head.Signature = ByteString.CopyFrom([.. batch.Head.Signature.Span, .. HiddenId(around)]),
    };

    public static Interceptor IdInTrailer(LeakSurroundings around) => new PartnerLeak
    {
        OnCall = context => context.ResponseTrailers.Add("sim-debug", Convert.ToBase64String([1, 2, .. HiddenId(around), 3])),
    };

    public static Interceptor IdInStatus(LeakSurroundings around) => new PartnerLeak
    {
        OnRefusal = (_, refusal) =>
            new RpcException(new Status(refusal.StatusCode, $"{refusal.Status.Detail} (not {around.Markers.AnyRecord})"), refusal.Trailers),
    };

    public static Interceptor IdInLog(LeakSurroundings around) => new PartnerLeak
    {
        OnCall = _ => around.Logs.CreateLogger("leak").Log(LogLevel.Debug, default, around, null, static (around, _) => Convert.ToHexString(HiddenId(around))),
    };

    private static byte[] HiddenId(LeakSurroundings around) => around.Markers.AnyRecord?.ToBytes() ?? [];

    private static bool Exists(LeakSurroundings around, ByteString ledger)
    {
        using var row = around.Disk.Session.Use("SELECT 1 FROM ledger_head WHERE ledger = ?1").Bind(1, ledger.ToByteArray());
        return row.Step();
    }

    private static long Count(LeakSurroundings around, string sql) => around.Disk.Session.Scalar(sql) ?? 0;

    private sealed class CountingStore(INodeStore inner) : StoreDecorator(inner)
    {
        public override Task<WriteOutcome> WriteRecordAsync(RecordWrite write, CancellationToken cancellationToken)
        {
            var shape = RecordShape.Decode(write.Shape);
            var counted = new RecordShape
            {
                ReleaseMs = shape.ReleaseMs,
                Audience = shape.Audience,
                Topics = shape.Topics,
                State = shape.State,
                Parts = [shape.Parts[0] with { Schema = (ushort)(write.ExpectedVersion + 1) }, .. shape.Parts.Skip(1)],
            };
            return base.WriteRecordAsync(With(write, counted.Encode()), cancellationToken);
        }

        private static RecordWrite With(RecordWrite write, byte[] shape) => new()
        {
            Name = write.Name,
            ExpectedVersion = write.ExpectedVersion,
            Kind = write.Kind,
            Schema = write.Schema,
            Status = write.Status,
            NowMs = write.NowMs,
            Attributes = write.Attributes,
            Shape = shape,
            Body = write.Body,
            DataKey = write.DataKey,
            SaltKey = write.SaltKey,
            References = write.References,
            Note = write.Note,
            Idempotency = write.Idempotency,
            Import = write.Import,
        };
    }

    private sealed class SlowStore(INodeStore inner, LeakSurroundings around) : StoreDecorator(inner)
    {
        public override async Task<ReconcileSnapshot> ReadReconcileAsync(int partner, IReadOnlyList<long> recs, CancellationToken cancellationToken)
        {
            var snapshot = await base.ReadReconcileAsync(partner, recs, cancellationToken);
            if (snapshot.Candidates.Count > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(snapshot.Candidates.Count), around.Life.Time, cancellationToken);
            return snapshot;
        }
    }
}
