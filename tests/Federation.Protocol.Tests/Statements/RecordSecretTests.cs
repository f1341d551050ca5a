using Federation.Protocol.Statements;

namespace Federation.Protocol.Tests.Statements;

public sealed class RecordSecretTests : IDisposable
{
    private readonly RecordSecret _secret = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    public void Dispose() => _secret.Dispose();

    [Fact]
    public void A_change_time_stays_within_its_minute_and_depends_on_part_value_minute_and_secret()
    {
        var other = new RecordSecret(new byte[32]);
        var times = new HashSet<long>();
        for (ulong part = 0; part < 20; part++)
        {
            for (byte value = 0; value < 20; value++)
            {
                var changedMs = _secret.ChangedMs(part, 1000, [value], _ => false);
                Assert.InRange(changedMs, 60_000_000, 60_059_999);
                Assert.Equal(changedMs, _secret.ChangedMs(part, 1000, [value], _ => false));
                times.Add(changedMs);
                times.Add(other.ChangedMs(part, 1000, [value], _ => false));
            }
        }
        // 800 draws of 60,000 collide about five times.
        Assert.InRange(times.Count, 770, 800);
        Assert.NotEqual(_secret.ChangedMs(0, 1, [], _ => false) % 60_000, _secret.ChangedMs(0, 2, [], _ => false) % 60_000);
    }

    [Fact]
    public void A_used_time_is_passed_over()
    {
        var used = new HashSet<long>();
        for (var i = 0; i < 200; i++)
            Assert.True(used.Add(_secret.ChangedMs(1, 1000, "v"u8, used.Contains)));
        Assert.All(used, changedMs => Assert.InRange(changedMs, 60_000_000, 60_059_999));
    }

    [Fact]
    public void A_minute_of_which_every_time_is_used_is_a_fault()
    {
        Assert.Throws<InvalidOperationException>(() => _secret.ChangedMs(1, 1000, "v"u8, _ => true));
    }

    [Fact]
    public void A_salt_depends_on_part_time_and_secret()
    {
        UInt128[] salts = [_secret.Salt(0, 0), _secret.Salt(1, 0), _secret.Salt(0, 1), new RecordSecret(new byte[32]).Salt(0, 0)];
        Assert.Equal(4, salts.Distinct().Count());
        Assert.Equal(salts[0], new RecordSecret(_secret.ToBytes()).Salt(0, 0));
    }

    [Fact]
    public void A_secret_is_32_bytes_and_copied()
    {
        Assert.Throws<ArgumentException>(() => new RecordSecret(new byte[31]));
        var bytes = _secret.ToBytes();
        bytes[0] ^= 1;
        Assert.NotEqual(bytes, _secret.ToBytes());
    }
}
