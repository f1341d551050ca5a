using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Heads;

public class HeadTests
{
    private static readonly Head Tip = new(new LedgerId(5), 1, 9, Digest.Sha256("root"u8), 1_700_000_000_000, true, 4, 7, Digest.Sha256("live"u8));

    private static readonly Receipt Receipt = new(Tip.Ledger, 1, 9, Tip.Root, Tip.TimeMs, Tip.LiveDigest);

    [Fact]
    public void Every_flipped_bit_of_a_head_is_refused_or_read_as_what_it_says()
    {
        var bytes = Tip.Encode();
        Assert.Equal(Head.SizeBytes, bytes.Length);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            if (Head.TryDecode(bytes, out var changed, out _))
            {
                Assert.NotEqual(Tip, changed);
                Assert.Equal(bytes, changed.Encode());
            }
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Unknown_flags_are_refused()
    {
        var bytes = Tip.Encode();
        for (var flags = 0; flags < 256; flags++)
        {
            bytes[68] = (byte)flags;
            Assert.Equal(flags == 1, Head.TryDecode(bytes, out _, out _));
        }
    }

    [Fact]
    public void Off_the_tip_nothing_is_said_of_the_live_set()
    {
        var offTip = Tip with { Tip = false };
        Assert.False(Head.TryDecode(offTip.Encode(), out _, out _));
        Assert.False(Head.TryDecode((offTip with { LiveCount = 0 }).Encode(), out _, out _));
        Assert.False(Head.TryDecode((offTip with { LiveDigest = default }).Encode(), out _, out _));
        Assert.True(Head.TryDecode((offTip with { LiveCount = 0, LiveDigest = default }).Encode(), out _, out _));
    }

    [Fact]
    public void Numbers_that_no_ledger_has_are_refused()
    {
        Assert.False(Head.TryDecode((Tip with { LiveCount = 10 }).Encode(), out _, out _));
        Assert.True(Head.TryDecode((Tip with { LiveCount = 9 }).Encode(), out _, out _));
        Assert.False(Head.TryDecode((Tip with { Size = 1UL << 63 }).Encode(), out _, out _));
        Assert.False(Head.TryDecode((Tip with { TimeMs = -1 }).Encode(), out _, out _));
        Assert.False(Receipt.TryDecode((Receipt with { Size = 1UL << 63 }).Encode(), out _, out _));
        Assert.False(Receipt.TryDecode((Receipt with { TimeMs = -1 }).Encode(), out _, out _));
    }

    [Fact]
    public void A_wrong_length_is_refused()
    {
        for (var length = 0; length < 130; length++)
        {
            Assert.Equal(length == Head.SizeBytes, Head.TryDecode(new byte[length], out _, out _));
            Assert.Equal(length == Receipt.SizeBytes, Receipt.TryDecode(new byte[length], out _, out _));
        }
    }

    [Fact]
    public void A_receipt_is_read_as_what_it_says()
    {
        var bytes = Receipt.Encode();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            if (Receipt.TryDecode(bytes, out var changed, out _))
            {
                Assert.NotEqual(Receipt, changed);
                Assert.Equal(bytes, changed.Encode());
            }
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_stored_position_must_fit_its_head()
    {
        var range = new Protocol.Merkle.CompactRange();
        range.Append(Tip.Root);
        var institute = InstituteId.Parse("alpha-lab");
        var head = Tip with { Size = 1, Root = range.Root(), LiveCount = 1 };
        Assert.Equal(1UL, new VerifiedPosition(Tip.Ledger, institute, 1, range, head).Size);
        Assert.Throws<ArgumentException>(() => new VerifiedPosition(Tip.Ledger, institute, 1, range, null));
        Assert.Throws<ArgumentException>(() => new VerifiedPosition(Tip.Ledger, institute, 2, range, head));
        Assert.Throws<ArgumentException>(() => new VerifiedPosition(new LedgerId(6), institute, 1, range, head));
        Assert.Throws<ArgumentException>(() => new VerifiedPosition(Tip.Ledger, institute, 1, range, head with { Size = 2 }));
        Assert.Throws<ArgumentException>(() => new VerifiedPosition(Tip.Ledger, institute, 1, range, head with { Root = default }));
    }

    [Theory]
    [InlineData("00112233445566778899aabbccddeeff", true)]
    [InlineData("00112233445566778899aabbccddeef", false)]
    [InlineData("00112233445566778899aabbccddeeff0", false)]
    [InlineData("00112233445566778899aabbccddeefg", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_ledger_id_is_32_hexadecimal_digits(string? text, bool isValid)
    {
        Assert.Equal(isValid, LedgerId.TryParse(text, out var id));
        if (isValid)
            Assert.Equal(text, id.ToString());
        else
            Assert.Throws<FormatException>(() => LedgerId.Parse(text!));
    }
}
