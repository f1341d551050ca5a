using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.V1.Exchange;

namespace Federation.Node.Exchange;

/// <summary>
/// Applies a stretch of a partner's ledger that came as a file, through the same verification and application as the stream: every batch is
/// proven against what is held, and applied in one transaction with its cursor. A file that does not begin where the cursor stands is refused
/// and changes nothing; a proof that fails halts the ledger with its evidence.
/// </summary>
internal sealed class StretchImporter(FollowerNeeds needs)
{
    /// <summary>Applies the pieces; returns the size before and after.</summary>
    public async Task<(ulong Before, ulong After)> ImportAsync(
        Func<string, Partner> find, IAsyncEnumerable<LedgerExport> pieces, CancellationToken cancellationToken)
    {
        await using var reader = pieces.GetAsyncEnumerator(cancellationToken);
        if (!await reader.MoveNextAsync() || reader.Current.Header is not { } header)
            throw FederationError.Exception(FederationReason.FieldInvalid, "piece: a header comes first", ("piece", "a header comes first"));
        if (header.Follower != needs.Identity.Institute.ToString())
            throw FederationError.Exception(FederationReason.FieldInvalid, $"header: the file is for {header.Follower}", ("header", "for another institute"));
        var partner = find(header.Origin);
        var row = Require(await ReadRowAsync(partner, cancellationToken), partner, header);
        try
        {
            return await ApplyAsync(partner, row, header, reader, cancellationToken);
        }
        catch (LedgerHaltedException halt)
        {
            await HaltAsync(partner, halt);
            throw FederationError.Exception(FederationReason.LedgerForked, $"the ledger is halted, evidence is kept: {halt.Message}");
        }
        catch (FollowerStoppedException stopped)
        {
            throw FederationError.Exception(FederationReason.LedgerNotReady, stopped.Message);
        }
        catch (CursorMovedException moved)
        {
            throw FederationError.Exception(FederationReason.LedgerNotReady, moved.Message);
        }
        catch (OverQuotaException quota)
        {
            throw FederationError.Exception(FederationReason.LimitExceeded, quota.Message);
        }
    }

    private async Task<(ulong Before, ulong After)> ApplyAsync(
        Partner partner, FollowRow row, LedgerExportHeader header, IAsyncEnumerator<LedgerExport> pieces, CancellationToken cancellationToken)
    {
        if (header.LedgerResets.Count > 0)
        {
            var told = new HelloResponse { Contact = Contact.Retired, LedgerId = header.LedgerId, Incarnation = header.Incarnation };
            told.LedgerResets.AddRange(header.LedgerResets);
            throw ResetNotice.Read(partner, row, told);
        }

        var origins = OriginKeys.Of(needs, partner, header);
        var verifier = new DisclosureVerifier(partner, row, origins.Find);
        var receiver = new RecordReceiver(partner, new ForwardedCheck(needs.Roster, needs.Identity, partner), needs.Entropy);
        var applier = new DisclosureApplier(needs.Store, partner, row, needs.Time, needs.MaxLiveRecords, needs.Logger);
        var pinned = false;
        while (await pieces.MoveNextAsync())
        {
            if (pieces.Current.Batch is not { } batch)
                throw FederationError.Exception(FederationReason.FieldInvalid, "piece: only batches follow the header", ("piece", "not a batch"));
            RequireNext(batch, verifier.Position.Size);
            var verdict = verifier.Prove(batch);
            if (await origins.FetchMissingAsync(verdict, cancellationToken))
                verdict = verifier.Prove(batch);
            var proven = receiver.Receive(verifier.Take(verdict, batch));
            if (!pinned)
                await needs.Store.SaveFollowAsync(new FollowWrite(partner.Number) { Contact = (row.Ledger, row.Incarnation) }, cancellationToken);
            pinned = true;
            await applier.ApplyAsync([proven], Refuse, cancellationToken);
        }

        ExchangeLog.Imported(needs.Logger, partner.Institute, row.Size, verifier.Position.Size);
        return (row.Size, verifier.Position.Size);
    }

    // There is nobody to ask for the entries that would repair the difference.
    private static Task Refuse(VerifiedBatch tip, SignedBytes? held) =>
        throw DisclosureVerifier.Halt("LIVE_SET_MISMATCH", $"at size {tip.Position.Size} the head says other live entries than are held", tip.Response, held);

    private static void RequireNext(FollowResponse batch, ulong held)
    {
        if (batch.FirstSeq == held)
            return;
        var problem = batch.FirstSeq > held
            ? $"the file goes on at entry {batch.FirstSeq} and {held} are held: a file before it is missing"
            : $"the file goes on at entry {batch.FirstSeq} and {held} are held: it was imported before, or is older than what is held";
        throw FederationError.Exception(FederationReason.LedgerNotReady, $"{problem}; have one exported from size {held}");
    }

    // First contact is pinned only after the first batch was proven; until then the row is only what the header says.
    private FollowRow Require(FollowRow? row, Partner partner, LedgerExportHeader header)
    {
        if (row is null || !partner.Follow)
            throw FederationError.Exception(FederationReason.LedgerNotFound, $"this node does not follow {partner.Institute}");
        if (row.State == FollowState.Halted)
            throw FederationError.Exception(FederationReason.LedgerNotReady, $"the ledger is halted: {row.Fault}");
        if (needs.Statuses.Of(partner.Number).State is FollowerState.Syncing or FollowerState.Tailing)
            throw FederationError.Exception(FederationReason.LedgerNotReady, $"the node follows {partner.Institute} over the network at this moment");
        if (header.LedgerId.Length != LedgerId.SizeBytes || header.Incarnation == 0)
            throw FederationError.Exception(FederationReason.FieldInvalid, "header: no ledger or incarnation", ("header", "names no ledger"));
        var ledger = LedgerId.Read(header.LedgerId.Span);
        if (row.Incarnation == 0)
            return row with { Ledger = ledger, Incarnation = header.Incarnation };
        if (ledger != row.Ledger || (header.Incarnation != row.Incarnation && header.LedgerResets.Count == 0))
        {
            throw FederationError.Exception(
                FederationReason.LedgerNotReady, $"the file is of ledger {ledger}/{header.Incarnation}, and {row.Ledger}/{row.Incarnation} is followed");
        }

        return row;
    }

    private async Task<FollowRow?> ReadRowAsync(Partner partner, CancellationToken cancellationToken) =>
        (await needs.Store.ReadNodeAsync(cancellationToken)).Followers.FirstOrDefault(f => f.Partner == partner.Number);

    private async Task HaltAsync(Partner partner, LedgerHaltedException halt)
    {
        var row = await ReadRowAsync(partner, CancellationToken.None);
        ExchangeLog.Halted(needs.Logger, partner.Institute, row?.Size ?? 0, halt.Message);
        await needs.Store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = partner.Number,
                Fault = halt.Fault,
                Detail = halt.Detail,
                NowMs = needs.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Objects = halt.Objects,
                HaltsFollower = true,
                Reset = halt.Reset,
            },
            CancellationToken.None);
        needs.Statuses.Set(partner.Number, FollowerState.Halted, halt.Message);
    }
}
