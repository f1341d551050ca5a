using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>
/// One partner's stream: (1) read a stretch at one moment, (2) judge it, (3) cut a batch that is full, or short at a publication,
/// (4) sign the head at its end, (5) look whether anything changed since the reading and judge again if so, (6) hand it to the
/// transport. After a commit that forbids something has returned, only a batch that had passed step 5 can still leave.
/// </summary>
internal sealed class LedgerStream
{
    // Each check takes well under the time between two commits; a smaller batch makes it shorter still.
    private const int ChecksBeforeSmaller = 8;
    private const int SmallestBatch = 8;

    private readonly int partnerNumber;
    private readonly StreamNeeds needs;
    private readonly LedgerSession session;
    private readonly IServerStreamWriter<FollowResponse> writer;

    // One frame for all batches: a message is serialised before its write completes, and only then the next batch begins.
    private readonly BatchWriter frame = new();
    private CompactRange range;
    private int maxEntries;
    private long began;
    private TimeSpan ends;
    private TimeSpan greetsAfter;
    private long lastHeadTimestamp;
    private bool greeted;

    public LedgerStream(int partnerNumber, StreamNeeds needs, CompactRange range, int maxEntries, IServerStreamWriter<FollowResponse> writer)
    {
        this.partnerNumber = partnerNumber;
        this.needs = needs;
        this.range = range;
        this.maxEntries = maxEntries;
        this.writer = writer;
        session = needs.Sessions.Of(partnerNumber);
    }

    /// <summary>Streams until the token is cancelled or the stream has reached its age.</summary>
    public async Task RunAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        began = needs.Time.GetTimestamp();
        (ends, greetsAfter) = (age, Ticks.UntilNext(needs.Time) + (Publication.Tick / 2));
        lastHeadTimestamp = began;
        var entriesWanted = maxEntries;
        while (needs.Time.GetElapsedTime(began) < age)
        {
            var published = needs.Publication.Current;
            var guardCounter = needs.Store.GuardCounter;
            var partner = Require();
            // The partner hears at contact of lists that were loaded since.
            if (!partner.OwnLists.SequenceEqual(session.Told))
                return;
            var batch = new LedgerBatch(frame, partner, range, entriesWanted, published.SizeOf(partnerNumber), needs.Clock.NowMs);
            var stretch = await needs.Store.VisitLedgerAsync(partnerNumber, range.Size, entriesWanted, withBodies: true, batch.Visit, cancellationToken);
            Check(stretch.Head);
            if (!MayLeave(stretch, batch, published))
            {
                entriesWanted = maxEntries;
                await WaitAsync(published, cancellationToken);
                continue;
            }

            if (batch.Range.Size > stretch.Head.SignedSize)
            {
                // A late Hello, or the end of an earlier stream, has noted since that the partner does not follow. No head goes out
                // beyond the stored size: what is sent above it would count as never sent, and never be taken back.
                await needs.Store.ConfirmContactAsync(partnerNumber, stretch.Head.Term, following: true, cancellationToken);
                continue;
            }

            var response = await SignAsync(stretch, batch, published, cancellationToken);
            if (await IsCurrentAsync(partner, stretch, batch, guardCounter, cancellationToken) is not true and var outcome)
            {
                // Smaller only if commits come faster than a batch of this size is checked.
                if (outcome is null)
                    entriesWanted = Math.Max(Math.Min(SmallestBatch, maxEntries), entriesWanted / 2);
                continue;
            }

            entriesWanted = maxEntries;
            await WriteAsync(response, batch, cancellationToken);
        }
    }

    private Partner Require()
    {
        var partner = needs.Roster.Current.Find(partnerNumber);
        return partner is { Share: true } ? partner : throw FederationError.Exception(FederationReason.LedgerNotFound, "there is no such ledger");
    }

    private static void Check(LedgerHead head)
    {
        if (head.Forked)
            throw FederationError.Exception(FederationReason.LedgerForked, "the ledger is forked; an operator has to act");
        if (!head.Confirmed)
            throw FederationError.Exception(FederationReason.HelloRequired, "a Hello comes first");
    }

    // A full batch may be cut at any moment; a short one, or a bare head, only up to what is published. While something is held nothing
    // leaves: the discloser deals with it before the next tick.
    private bool MayLeave(LedgerStretch stretch, LedgerBatch batch, PublishedState published)
    {
        if (batch.Full)
            return true;
        if (batch.Held is { } rec)
        {
            needs.Holds.Add(partnerNumber, rec);
            return false;
        }

        if (batch.Count > 0)
            return true;
        // The first head tells a follower that has everything so, half way between two ticks, by when what the first of them published has
        // left; after it one goes out whenever the stream was idle for a while.
        return greeted
            ? needs.Time.GetElapsedTime(lastHeadTimestamp) >= ExchangeLimits.IdleHeadEvery
            : !BeginsAnew(stretch) && range.Size == stretch.Head.Size && range.Size == published.SizeOf(partnerNumber) && needs.Time.GetElapsedTime(began) >= greetsAfter;
    }

    // What is to be disclosed in a new incarnation is not yet: its follower must not take it for empty.
    private static bool BeginsAnew(LedgerStretch stretch) => stretch is { Swept: true, Head: { Size: 0, Incarnation: > 1 } };

    private async Task<FollowResponse> SignAsync(LedgerStretch stretch, LedgerBatch batch, PublishedState published, CancellationToken cancellationToken)
    {
        var size = batch.Range.Size;
        var root = batch.Range.Root();
        var stored = stretch.Head;
        var tip = size == stored.Size && size == published.SizeOf(partnerNumber) && !BeginsAnew(stretch);
        var liveDigest = tip ? LiveSet.Decode(stored.LiveCount, stored.Buckets).Digest() : Digest.Zero;
        var head = new Head(stored.Ledger, stored.Incarnation, size, root, 0, tip, 0, tip ? stored.LiveCount : 0, liveDigest);
        var (dated, signed) = await needs.Signer.SignAsync(stored, head, session.TimeFloorMs, cancellationToken);
        session.RaiseTimeFloor(dated.TimeMs);
        if (tip)
            session.NoteTip(new SignedTip(dated, signed));
        return new FollowResponse
        {
            FirstSeq = range.Size,
            Items = batch.Count == 0 ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(batch.Items),
            Head = signed,
        };
    }

    // Whether the batch still holds; null if commits came so fast that no check stood.
    private async Task<bool?> IsCurrentAsync(Partner partner, LedgerStretch stretch, LedgerBatch batch, long guardCounter, CancellationToken cancellationToken)
    {
        for (var check = 0; check < ChecksBeforeSmaller; check++)
        {
            if (needs.Store.GuardCounter == guardCounter && needs.Roster.Current.Find(partnerNumber) == partner)
                return true;
            guardCounter = needs.Store.GuardCounter;
            partner = Require();
            var current = partner;
            var checkedEntries = 0;
            var now = await needs.Store.VisitLedgerAsync(
                partnerNumber,
                range.Size,
                Math.Max(1, batch.Shown),
                withBodies: false,
                (again, entry) => entry is not null && checkedEntries < batch.Shown && batch.StillHolds(current, again, entry, checkedEntries)
                    && ++checkedEntries < batch.Shown,
                cancellationToken);
            Check(now.Head);
            if (now.Epoch != stretch.Epoch || now.Community != stretch.Community || checkedEntries < batch.Shown)
                return false;
        }

        return null;
    }

    private async Task WriteAsync(FollowResponse response, LedgerBatch batch, CancellationToken cancellationToken)
    {
        await writer.WriteInTimeAsync(response, needs.Time, cancellationToken);
        range = batch.Range;
        greeted = true;
        lastHeadTimestamp = needs.Time.GetTimestamp();
        session.NoteDelivered(range.Size);
    }

    private async Task WaitAsync(PublishedState published, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // The end of the stream's age is waited for too: at which later waking it would be noticed depends on hidden things.
        var idle = ExchangeLimits.IdleHeadEvery - needs.Time.GetElapsedTime(lastHeadTimestamp);
        var left = ends - needs.Time.GetElapsedTime(began);
        var wait = idle < left ? idle : left;
        var waits = new List<Task> { published.Superseded.Task, DelayAsync(wait, woken.Token) };
        if (!greeted && greetsAfter - needs.Time.GetElapsedTime(began) is { Ticks: > 0 } tick)
            waits.Add(DelayAsync(tick, woken.Token));
        await Task.WhenAny(waits);
        await woken.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    // Rounded up to a millisecond, which is what the library's delay takes.
    private Task DelayAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(time.TotalMilliseconds))), needs.Time, cancellationToken);
}
