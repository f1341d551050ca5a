using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Records;
using Federation.V1.Records;
using Google.Protobuf;

namespace Federation.Node.Tests.Exchange;

/// <summary>Records that are proven and that this version does not understand, or that are over a limit, with what the reason must say.</summary>
internal static class StrangeContent
{
    private static readonly Part Summary = new() { FlawSummary = new FlawSummary { Description = "what is wrong" } };

    public static IReadOnlyDictionary<string, (string Reason, Func<TestInstitute, RecordId, HostileEntry> Make)> All { get; } =
        new Dictionary<string, (string, Func<TestInstitute, RecordId, HostileEntry>)>
        {
            ["an unknown kind"] = ("kind 999", (o, r) => HostileEntry.Disclose(o, r, Envelope(), [Summary], kind: 999)),
            ["a newer schema"] = ("schema 2", (o, r) => HostileEntry.Disclose(o, r, Envelope(), [Summary], schema: 2)),
            ["an unknown marking"] = ("marking 9", (o, r) => HostileEntry.Disclose(o, r, Envelope(e => e.Marking = (Marking)9), [Summary])),
            ["no marking"] = ("marking 0", (o, r) => HostileEntry.Disclose(o, r, Envelope(e => e.Marking = Marking.Unspecified), [Summary])),
            ["an unknown onward rule"] = ("onward rule 9", (o, r) => HostileEntry.Disclose(o, r, Envelope(e => e.Onward = (Onward)9), [Summary])),
            ["flags of the envelope that must be understood"] = ("have to be understood", (o, r) => HostileEntry.Disclose(o, r, Envelope(e => e.MustUnderstand = 4), [Summary])),
            ["flags of a part that must be understood"] = ("have to be understood", (o, r) => HostileEntry.Disclose(o, r, Envelope(), [Change(p => p.MustUnderstand = 1)])),
            ["an unknown marking of a part"] = ("has marking 9", (o, r) => HostileEntry.Disclose(o, r, Envelope(), [Change(p => p.Marking = (Marking)9)])),
            ["an unknown content"] = ("not known", (o, r) => HostileEntry.Disclose(o, r, [Envelope().ToByteArray(), UnknownContent()])),
            ["a part that is no message"] = ("can't be read", (o, r) => HostileEntry.Disclose(o, r, [Envelope().ToByteArray(), [0xFF, 0xFF, 0xFF]])),
            ["an envelope that is no message"] = ("can't be read", (o, r) => HostileEntry.Disclose(o, r, [[0xFF, 0xFF, 0xFF], Summary.ToByteArray()])),
            ["deeply nested garbage"] = ("not known", (o, r) => HostileEntry.Disclose(o, r, [Envelope().ToByteArray(), Nested(20_000)])),
            ["a community record that is not signed"] = ("not signed", (o, r) => HostileEntry.Disclose(o, r, Envelope(e => e.Onward = Onward.Community), [Summary])),
            ["an onward grant that is not signed"] = ("not signed", (o, r) => HostileEntry.Disclose(
                o, r, Envelope(), [new Part { OnwardGrant = new OnwardGrant { Institute = "sg" } }])),
            ["a statement that another key signed"] = ("signature", (o, r) => HostileEntry.Disclose(
                o, r, Envelope(e => e.Onward = Onward.Community), [Summary], signer: o.Receipts)),
            ["a reference that names nothing"] = ("reference", (o, r) => HostileEntry.Disclose(
                o, r, Envelope(), [new Part { Link = new Link { Target = Drafts.Reference("Not An Id", "nor this") } }])),
            ["too many references"] = ("too many references", (o, r) => HostileEntry.Disclose(
                o, r, Envelope(), [.. Enumerable.Range(0, 257).Select(_ => new Part { Link = new Link { Target = Drafts.Reference("uk", $"{r}") } })])),
            ["too many topics"] = ("too many topics", (o, r) => HostileEntry.Disclose(
                o, r, Envelope(e => e.Topics.AddRange(Enumerable.Range(0, 33).Select(i => $"topic-{i}"))), [Summary])),
            ["more bytes than a record may have"] = ("too large", (o, r) => HostileEntry.Disclose(
                o, r, Envelope(), [.. Enumerable.Range(0, 3).Select(_ => Change(p => p.FlawSummary.Description = new string('x', 100_000)))])),
        };

    private static Envelope Envelope(Action<Envelope>? change = null)
    {
        var envelope = new Envelope { Title = "strange", Marking = Marking.Green, State = RecordState.Final };
        change?.Invoke(envelope);
        return envelope;
    }

    private static Part Change(Action<Part> change)
    {
        var part = Summary.Clone();
        change(part);
        return part;
    }

    // A field of a number that this version does not have, with a text.
    private static byte[] UnknownContent()
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(999, WireFormat.WireType.LengthDelimited);
            output.WriteString("from a later version");
        }

        return bytes.ToArray();
    }

    // Messages within messages, of a field that this version does not have.
    private static byte[] Nested(int depth)
    {
        var bytes = Array.Empty<byte>();
        for (var i = 0; i < depth && bytes.Length < 100_000; i++)
        {
            using var outer = new MemoryStream();
            using (var output = new CodedOutputStream(outer, leaveOpen: true))
            {
                output.WriteTag(999, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(bytes));
            }

            bytes = outer.ToArray();
        }

        return bytes;
    }
}
