using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>
/// Gets back what ledgers lost, as after the restore of an old backup: (1) at the start compares each ledger with the anchor, (2) for each
/// that lacks its end asks the partner for what it holds, (3) proves that under a head which this node signed, (4) writes it in one
/// transaction. Until then nothing of the ledger is signed. One partner's silence delays no other; a crash in between repeats it all.
/// </summary>
internal sealed class LedgerRecoverer(RecoveryNeeds needs) : BackgroundService
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FullStorePause = TimeSpan.FromSeconds(1);

    // Owned by the loop of ExecuteAsync.
    private readonly SortedDictionary<int, Task> running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryCompareWithAnchorAsync(stoppingToken))
                await Task.Delay(FullStorePause, needs.Time, stoppingToken);
            while (true)
            {
                // Taken before looking, so that a ledger found meanwhile is not missed.
                var next = needs.Signal.Next;
                foreach (var ledger in (await needs.Store.ReadNodeAsync(stoppingToken)).Ledgers.Where(ledger => ledger is { RecoverTo: > 0, Forked: false }))
                {
                    if (!running.TryGetValue(ledger.Partner, out var run) || run.IsCompleted)
                        running[ledger.Partner] = KeepTryingAsync(ledger.Partner, stoppingToken);
                }

                await next.WaitAsync(stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(running.Values);
        }
    }

    // 1. False if the store is full: until there is room contact finds what this would have found.
    private async Task<bool> TryCompareWithAnchorAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CompareWithAnchorAsync(cancellationToken);
            return true;
        }
        catch (StoreFullException)
        {
            return false;
        }
    }

    private async Task CompareWithAnchorAsync(CancellationToken cancellationToken)
    {
        foreach (var ledger in (await needs.Store.ReadNodeAsync(cancellationToken)).Ledgers.Where(ledger => !ledger.Forked))
        {
            try
            {
                await CompareWithAnchorAsync(ledger, cancellationToken);
            }
            catch (LedgerDamagedException damage)
            {
                await needs.Audits.StopAsync(ledger, LedgerAudits.Unreadable, damage.Message, cancellationToken);
            }
        }
    }

    private async Task CompareWithAnchorAsync(LedgerHead ledger, CancellationToken cancellationToken)
    {
        if (needs.Roster.Current.Find(ledger.Partner) is not { } partner)
            return;
        switch (await needs.Standings.AgainstAnchorAsync(ledger, cancellationToken))
        {
            case LedgerStanding.Behind when needs.Standings.AnchorOf(ledger)!.Value.Size is var anchored && anchored > ledger.RecoverTo:
                ExchangeLog.Behind(needs.Logger, partner.Institute, anchored, ledger.SignedSize);
                await needs.Store.BeginRecoveryAsync(ledger.Partner, anchored, ledger.Term, cancellationToken);
                break;
            case LedgerStanding.Forked:
                await KeepForkAsync(
                    partner, ledger, [], "the anchor of the ledger names another root than it has at that size, or a later incarnation", cancellationToken);
                break;
        }
    }

    private async Task KeepTryingAsync(int number, CancellationToken cancellationToken)
    {
        for (var delay = FirstDelay; !cancellationToken.IsCancellationRequested; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            if (needs.Roster.Current.Find(number) is not { } partner)
                return;
            var fault = await AttemptAsync(partner, cancellationToken);
            needs.Faults.Set(number, fault ?? "");
            if (fault is null)
                return;
            var wait = delay * (0.75 + 0.5 * needs.Random.NextDouble());
            ExchangeLog.NotRecovered(needs.Logger, partner.Institute, fault, wait);
            try
            {
                await Task.Delay(wait, needs.Time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // What keeps the ledger from being got back; null if nothing is left to do.
    private async Task<string?> AttemptAsync(Partner partner, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(partner, cancellationToken);
        }
        catch (RpcException lost)
        {
            return $"{lost.StatusCode}: {lost.Status.Detail}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "the partner took too long";
        }
        catch (Exception ended) when (cancellationToken.IsCancellationRequested)
        {
            return ended.Message;
        }
        catch (Exception failure)
        {
            // A fault of the store ends the process elsewhere; any other is a mistake in the program and must not take others along.
            if (failure is not StoreFullException)
                ExchangeLog.Failed(needs.Logger, partner.Institute, failure);
            return failure.Message;
        }
    }

    private async Task<string?> TryAsync(Partner partner, CancellationToken cancellationToken)
    {
        if (await needs.Store.ReadHeadAsync(partner.Number, cancellationToken) is not { RecoverTo: > 0, Forked: false } ledger)
            return null;
        try
        {
            return await TryAsync(partner, ledger, cancellationToken);
        }
        catch (LedgerDamagedException damage)
        {
            await needs.Audits.StopAsync(ledger, LedgerAudits.Unreadable, damage.Message, cancellationToken);
            return null;
        }
    }

    private async Task<string?> TryAsync(Partner partner, LedgerHead ledger, CancellationToken cancellationToken)
    {
        // 2.
        var echoed = new EchoedLedger(needs.Identity.Institute);
        if (await ReadAsync(partner, ledger, echoed, cancellationToken) is { } wrong)
            return wrong;

        // 3.
        if (CheckHead(partner, ledger, echoed, out var head) is { } insufficient)
            return insufficient;
        // Nothing is signed for a ledger that is waited for: more was lost since, with an image from meanwhile that was put back.
        if (head.Size > ledger.RecoverTo)
        {
            ExchangeLog.Behind(needs.Logger, partner.Institute, head.Size, ledger.SignedSize);
            await needs.Store.BeginRecoveryAsync(partner.Number, head.Size, ledger.Term, cancellationToken);
            if (await needs.Store.ReadHeadAsync(partner.Number, cancellationToken) is not { Forked: false } now || now.Term != ledger.Term)
                return "the ledger changed meanwhile";
            ledger = now;
        }

        var outcome = await needs.Rewind.CompareAsync(ledger, echoed.Items, head, needs.Standings.AnchorOf(ledger), cancellationToken);
        if (outcome.Forks)
            await KeepForkAsync(
                partner, ledger, [Storage.EvidenceObject.Of(Storage.EvidenceKind.PresentedHead, echoed.Head!.ToByteArray())], outcome.Fault!, cancellationToken);
        if (outcome.Fault is not null)
            return outcome.Forks ? null : outcome.Fault;

        // 4.
        var recovery = await new RecoveryPlan(needs, partner).PrepareAsync(ledger, outcome, echoed, cancellationToken);
        if (await needs.Store.RecoverLedgerAsync(recovery, cancellationToken) is not { } done)
            return "the ledger grew meanwhile";
        // Commit point: the ledger holds everything that was signed, and what it drops is judged again by a sweep.
        ExchangeLog.Recovered(needs.Logger, partner.Institute, recovery.Size, done.Entries, done.Restored, done.Erased, (int)(ledger.Size - outcome.From));
        await needs.Roster.ReloadAsync(cancellationToken);
        return null;
    }

    private async Task<string?> ReadAsync(Partner partner, LedgerHead ledger, EchoedLedger echoed, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ExchangeLimits.EchoDeadline, needs.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var client = new ExchangeService.ExchangeServiceClient(needs.Connect(partner));
        var request = new EchoRequest { LedgerId = ByteString.CopyFrom(ledger.Ledger.ToBytes()), FromSeq = ledger.SignedSize };
        using var call = client.Echo(request, cancellationToken: either.Token);
        while (await call.ResponseStream.MoveNext(either.Token))
        {
            if (echoed.Take(call.ResponseStream.Current, ledger.Ledger) is { } wrong)
                return wrong;
        }

        return null;
    }

    // What the partner shows has to be signed by this node, whole, and no older than what is known to be signed.
    private string? CheckHead(Partner partner, LedgerHead ledger, EchoedLedger echoed, out Head head)
    {
        head = null!;
        if (echoed.Head is not { } signed)
            return $"{partner.Institute} holds no head of this ledger, or did not send all that it holds: ask {partner.Institute} for its newest head";
        if (!needs.Identity.Keys.Verify(KeyPurpose.Head, Head.PaeType, signed.Payload.Span, signed.Signature.Span))
            return $"{partner.Institute} shows a head that this node has not signed";
        if (!Head.TryDecode(signed.Payload.Span, out var shown, out var error) || shown.Ledger != ledger.Ledger || shown.Incarnation != ledger.Incarnation)
            return $"{partner.Institute} shows a head that is not of this ledger {error}";
        head = shown;
        if (shown.Size < ledger.RecoverTo)
            return $"{partner.Institute} shows a head of {shown.Size} entries, and one of {ledger.RecoverTo} was signed: ask {partner.Institute} for its newest head";
        return (echoed.End ?? shown.Size) == shown.Size ? null : $"{partner.Institute} sent entries up to {echoed.End} of the {shown.Size} under its head";
    }

    private async Task KeepForkAsync(Partner partner, LedgerHead ledger, List<Storage.EvidenceObject> objects, string detail, CancellationToken cancellationToken)
    {
        ExchangeLog.Forked(needs.Logger, partner.Institute, detail);
        if (await needs.Store.ReadReceiptAsync(partner.Number, cancellationToken) is { } receipt)
        {
            var signed = new SignedBytes { Payload = ByteString.CopyFrom(receipt.Payload), Signature = ByteString.CopyFrom(receipt.Signature) };
            objects.Add(Storage.EvidenceObject.Of(Storage.EvidenceKind.Receipt, signed.ToByteArray()));
        }

        await needs.Store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = partner.Number,
                Fault = "LEDGER_FORKED",
                Detail = detail,
                NowMs = needs.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Objects = objects,
                ForksLedger = true,
                Term = ledger.Term,
            },
            cancellationToken);
    }
}
