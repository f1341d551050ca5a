using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Exchange;

/// <summary>
/// Writes a stretch of a ledger for a follower that no network reaches: the batches that its stream would carry, cut, guarded and signed by the
/// same code, up to the tip. There is no Hello; its place takes a contact file of the follower, at export or as a receipt since the process started.
/// Only a ledger of which nothing was ever signed goes out without, or one that an operator says was never taken: a second history can't be called back.
/// </summary>
internal sealed class StretchExporter(StreamNeeds needs, NodeIdentity identity, LedgerProofs proofs, ContactDesk contacts, ReceiptDesk receipts)
{
    private const long MaxStretchBytes = 1024L * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>Writes the header and the batches from a size on; without one, from where the contact or the last receipt says.</summary>
    public async Task ExportAsync(Partner partner, LedgerContact? contact, bool firstContact, ulong? from, Func<LedgerExport, Task> write, CancellationToken cancellationToken)
    {
        var ledger = await FindAsync(partner, cancellationToken);
        var header = NewHeader(partner, ledger);
        var asked = new HelloRequest { Incarnation = contact?.Incarnation ?? 0 };
        if (await RetiredLedgers.AnswerAsync(needs.Store, identity, ledger, asked, cancellationToken) is { } retired)
        {
            // The follower's operator has to accept first; the file carries the resets, and no entry.
            header.LedgerResets.AddRange(retired.LedgerResets);
            await write(new LedgerExport { Header = header });
            return;
        }

        var held = await ConfirmAsync(partner, ledger, contact, firstContact, cancellationToken);
        ledger = await FindAsync(partner, cancellationToken);
        var start = from ?? held;
        if (start > ledger.Size)
            throw FederationError.Exception(FederationReason.FieldInvalid, $"from_size: at most {ledger.Size}", ("from_size", "beyond the ledger"));
        await write(new LedgerExport { Header = header });
        await StreamAsync(partner, ledger, start, write, cancellationToken);
    }

    /// <summary>Takes a contact file: confirms contact as Hello does, and keeps the receipt in it.</summary>
    public async Task<ulong> TakeAsync(Partner partner, LedgerContact contact, CancellationToken cancellationToken)
    {
        var ledger = await FindAsync(partner, cancellationToken);
        if (contact.Receipt is not { Payload.Length: > 0 })
            throw FederationError.Exception(FederationReason.ReceiptInvalid, "the file holds no receipt");
        if (contact.Incarnation != ledger.Incarnation)
            throw FederationError.Exception(FederationReason.ReceiptInvalid, $"the file is of incarnation {contact.Incarnation}, and the ledger is in {ledger.Incarnation}");
        return await ConfirmAsync(partner, ledger, contact, firstContact: false, cancellationToken);
    }

    // Answers what the follower holds. Contact is confirmed by the same code as in Hello, with whatever guards it.
    private async Task<ulong> ConfirmAsync(Partner partner, LedgerHead ledger, LedgerContact? contact, bool firstContact, CancellationToken cancellationToken)
    {
        var last = contact is null ? null : ReadLast(partner, contact);
        if (last is null && ledger.Confirmed && contact is null)
            return ledger.Forked ? throw Forked("an operator has to act") : ledger.ReceiptSize;
        if (last is null && ledger.SignedSize != 0 && !(firstContact && ledger.ReceiptSize == 0))
        {
            throw FederationError.Exception(
                FederationReason.HelloRequired,
                "heads of this ledger were signed before: a contact file has to show since this process started which the partner holds; "
                + "if it never got one, an operator may say that this is first contact");
        }

        var hello = new HelloRequest
        {
            LowestVersion = ExchangeLimits.Version,
            HighestVersion = ExchangeLimits.Version,
            LedgerId = ByteString.CopyFrom(ledger.Ledger.ToBytes()),
            Incarnation = last is null ? 0 : ledger.Incarnation,
            LastHead = last is null ? null : contact!.LastHead,
        };
        var answer = await contacts.AnswerAsync(partner, ledger, hello, cancellationToken);
        if (answer.Contact != Contact.Ok)
            throw Forked($"the partner holds a head that is no prefix of it ({answer.Contact}); nothing is signed");
        if (last is null)
            return 0;
        await receipts.KeepAsync(partner, await FindAsync(partner, cancellationToken), contact!.Receipt, cancellationToken);
        return last.Size;
    }

    // The receipt's signature shows that the partner made the file, and binds the head; how old the file is, nothing can show.
    private Head? ReadLast(Partner partner, LedgerContact contact)
    {
        if (contact.Origin != identity.Institute.ToString() || contact.Follower != partner.Institute.ToString())
            throw FederationError.Exception(FederationReason.FieldInvalid, $"contact: between {contact.Origin} and {contact.Follower}", ("contact", "of other institutes"));
        if (contact.LastHead is not { Payload.Length: > 0 } && contact.Receipt is not { Payload.Length: > 0 })
            return null;
        var receipt = ReceiptDesk.ReadSigned(partner, contact.Receipt);
        return Head.TryDecode(contact.LastHead?.Payload.ToByteArray() ?? [], out var head, out _)
            && (head.Ledger, head.Incarnation, head.Size, head.Root) == (receipt.Ledger, receipt.Incarnation, receipt.Size, receipt.Root)
            ? head
            : throw FederationError.Exception(FederationReason.ReceiptInvalid, "the receipt and the head in the file are not of one state");
    }

    private static Grpc.Core.RpcException Forked(string detail) => FederationError.Exception(FederationReason.LedgerForked, $"the ledger is forked: {detail}");

    private async Task StreamAsync(Partner partner, LedgerHead ledger, ulong from, Func<LedgerExport, Task> write, CancellationToken cancellationToken)
    {
        var session = needs.Sessions.Of(partner.Number);
        if (session.Connected)
            throw FederationError.Exception(FederationReason.LedgerNotReady, "the partner is reading this ledger over the network at this moment");
        using var limit = new CancellationTokenSource(Longest, needs.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        // Not disposed: a stream of the partner may cancel it at any moment.
        var current = session.BeginStream(either.Token);
        var writer = new StretchWriter(batch => write(new LedgerExport { Batch = batch }), MaxStretchBytes, current);
        try
        {
            await needs.Store.ConfirmContactAsync(partner.Number, ledger.Term, following: true, current.Token);
            var range = await proofs.RangeAtAsync(ledger, from, current.Token);
            await new LedgerStream(partner.Number, needs, range, ExchangeLimits.MaxBatchEntries, writer).RunAsync(Longest, current.Token);
        }
        catch (OperationCanceledException) when (writer.Whole)
        {
            // Ended by its writer.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw FederationError.Exception(FederationReason.LedgerNotReady, "the stretch was broken off: the partner connected, or it took too long");
        }
        finally
        {
            if (session.EndStream(current))
                await needs.Store.ConfirmContactAsync(partner.Number, ledger.Term, following: false, CancellationToken.None);
        }
    }

    private async Task<LedgerHead> FindAsync(Partner partner, CancellationToken cancellationToken) =>
        partner.Share && await needs.Store.ReadHeadAsync(partner.Number, cancellationToken) is { } head
            ? head
            : throw FederationError.Exception(FederationReason.LedgerNotFound, "there is no ledger for this partner");

    private LedgerExportHeader NewHeader(Partner partner, LedgerHead ledger)
    {
        var header = new LedgerExportHeader
        {
            Origin = identity.Institute.ToString(),
            Follower = partner.Institute.ToString(),
            LedgerId = ByteString.CopyFrom(ledger.Ledger.ToBytes()),
            Incarnation = ledger.Incarnation,
        };
        header.Manifests.AddRange(identity.Card.Manifests);
        header.FollowerManifests.AddRange(partner.Card.Manifests);
        return header;
    }
}
