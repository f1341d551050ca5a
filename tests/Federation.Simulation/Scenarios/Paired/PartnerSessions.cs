using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>A partner that comes and goes: it says Hello, follows for a while, and confirms what it got.</summary>
internal sealed class PartnerSessions(NodeLife life, ExchangeService.ExchangeServiceClient client, Institute self, PartnerLedger ledger, ArrivalSlots slots)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_betweenReceipts = TimeSpan.FromMilliseconds(1200);
    private TimeSpan _lastReceipt = -s_betweenReceipts;

    private DateTime Deadline => (life.Time.GetUtcNow() + s_deadline).UtcDateTime;

    public async Task RunAsync(IReadOnlyList<Session> sessions)
    {
        foreach (var session in sessions)
        {
            await UntilAsync(session.From);
            // What breaks a session is tried again until its time is over.
            while (life.World.Now < session.To)
            {
                try
                {
                    await FollowAsync(session);
                }
                catch (RpcException)
                {
                    await UntilAsync(life.World.Now + TimeSpan.FromMilliseconds(700));
                }
            }
        }
    }

    private async Task FollowAsync(Session session)
    {
        await UntilAsync(slots.NextSession);
        var hello = await client.HelloAsync(NewHello(ledger), deadline: Deadline);
        if (hello.Contact != Contact.Ok)
            life.World.Fail($"{self.Name} is told {hello.Contact} about an honest ledger");
        ledger.Greet(hello);
        await UntilAsync(slots.NextSession);
        var end = ArrivalSlots.SessionMoment(session.To) - life.World.Now;
        if (end <= TimeSpan.Zero)
            return;
        // The end of a session is told to the origin like any other of its calls.
        using var over = new CancellationTokenSource(end, life.Time);
        var request = new FollowRequest { LedgerId = ledger.Id, FromSize = ledger.Range.Size, MaxBatchEntries = session.MaxBatchEntries };
        using var call = client.Follow(request, cancellationToken: over.Token);
        while (await call.ResponseStream.MoveNext(over.Token))
        {
            if (!ledger.TryTake(call.ResponseStream.Current))
                life.World.Fail($"{self.Name} gets a batch whose entries do not lead to its head");
            if (session.MaxBatchEntries > 0 && ledger.LastItems > session.MaxBatchEntries)
                life.World.Fail($"{self.Name} asked for at most {session.MaxBatchEntries} entries a batch, and gets {ledger.LastItems}");
            await ConfirmAsync(call.ResponseStream.Current);
        }
    }

    private async Task ConfirmAsync(FollowResponse batch)
    {
        if (batch.Items.IsEmpty || life.World.Now - _lastReceipt < s_betweenReceipts)
            return;
        _lastReceipt = life.World.Now;
        try
        {
            var receipt = NewReceipt(self, ledger, ledger.Range.Size, ledger.Range.Root());
            await client.AcknowledgeAsync(new AcknowledgeRequest { Receipt = receipt }, deadline: Deadline);
        }
        catch (RpcException)
        {
            // The next receipt covers this one.
        }
    }

    public static HelloRequest NewHello(PartnerLedger ledger)
    {
        var hello = new HelloRequest
        {
            LowestVersion = 1,
            HighestVersion = 1,
            LedgerId = ledger.Id,
            Incarnation = ledger.Incarnation,
            ManifestNumber = 1,
            MaxMessageBytes = 1024 * 1024,
        };
        if (ledger.LastHead is { } head)
            hello.LastHead = head;
        return hello;
    }

    public static SignedBytes NewReceipt(Institute self, PartnerLedger ledger, ulong size, Digest root)
    {
        var payload = new Receipt(LedgerId.Read(ledger.Id.Span), ledger.Incarnation, size, root, 1_900_000_000_000, Digest.Zero).Encode();
        var signature = self.Identity.ReceiptKey.Sign(Receipt.PaeType, payload);
        return new SignedBytes { Payload = ByteString.CopyFrom(payload), Signature = ByteString.CopyFrom(signature) };
    }

    private Task UntilAsync(TimeSpan moment) => moment > life.World.Now ? Task.Delay(moment - life.World.Now, life.Time) : Task.CompletedTask;
}
