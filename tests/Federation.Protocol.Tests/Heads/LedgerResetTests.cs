using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Heads;

public class LedgerResetTests
{
    private static readonly LedgerReset Valid = new(
        InstituteId.Parse("uk"), LedgerId.Parse("00112233445566778899aabbccddeeff"), 1, 7, Digest.Sha256("root"u8), 2, 1_700_000_000_000,
        LedgerResetReason.Lost, "the disk of 3 May");

    public static TheoryData<string> Faults => [.. Spoiled.Keys];

    private static Dictionary<string, LedgerReset> Spoiled { get; } = new()
    {
        ["no old incarnation"] = Valid with { OldIncarnation = 0 },
        ["the same incarnation"] = Valid with { NewIncarnation = 1 },
        ["a lower incarnation"] = Valid with { OldIncarnation = 3 },
        ["a size without a root"] = Valid with { OldRoot = Digest.Zero },
        ["a root without a size"] = Valid with { OldSize = 0 },
        ["a size beyond 2^63"] = Valid with { OldSize = ulong.MaxValue },
        ["a time before 1970"] = Valid with { TimeMs = -1 },
        ["an unknown reason"] = Valid with { Reason = (LedgerResetReason)9 },
        ["no text"] = Valid with { Text = "" },
        ["a long text"] = Valid with { Text = new string('x', LedgerReset.MaxTextBytes + 1) },
        ["a line break in the text"] = Valid with { Text = "one\ntwo" },
    };

    [Fact]
    public void What_is_encoded_is_decoded()
    {
        Assert.True(LedgerReset.TryDecode(Valid.Encode(), out var decoded, out _));
        Assert.Equal(Valid, decoded);
        Assert.Null(Valid.Refusal());
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_makes_no_sense_is_refused(string fault)
    {
        Assert.False(LedgerReset.TryDecode(Spoiled[fault].Encode(), out _, out var error));
        Assert.Equal(Spoiled[fault].Refusal(), error);
    }

    [Fact]
    public void A_byte_more_or_less_is_refused()
    {
        var bytes = Valid.Encode();
        Assert.False(LedgerReset.TryDecode([.. bytes, 0], out _, out _));
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(LedgerReset.TryDecode(bytes.AsSpan(0, length), out _, out _));
    }
}
