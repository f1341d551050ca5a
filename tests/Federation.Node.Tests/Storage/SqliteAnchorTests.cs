using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>The anchor: durable, growing only, and found out when somebody else moves it (R1, R27).</summary>
public sealed class SqliteAnchorTests : IDisposable
{
    private static readonly LedgerId Ledger = LedgerId.Parse("00112233445566778899aabbccddeeff");

    private readonly string directory = Directory.CreateTempSubdirectory("federation-anchor-").FullName;
    private readonly List<Exception> faults = [];

    private string Database => Path.Combine(directory, "anchor.db");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void It_keeps_the_largest_head_over_restarts_and_says_when_it_is_new_R1()
    {
        using (var anchor = Open(out var isNew))
        {
            Assert.True(isNew);
            Assert.Null(anchor.Find(Ledger));
            anchor.Raise(Head(1, 5));
            anchor.Raise(Head(1, 9));
            anchor.Raise(Head(1, 7));
            anchor.Raise(Head(1, 9));
        }

        using var again = Open(out var isNewAgain);
        Assert.False(isNewAgain);
        Assert.Equal(Head(1, 9), again.Find(Ledger));
        again.Raise(Head(2, 1));
        Assert.Equal(Head(2, 1), again.Find(Ledger));
        Assert.Empty(faults);
    }

    [Fact]
    public void Another_root_at_the_anchored_size_ends_the_process_and_nothing_is_raised_afterwards_R1()
    {
        using var anchor = Open(out _);
        anchor.Raise(Head(1, 5));

        Assert.Throws<StoreFaultException>(() => anchor.Raise(Head(1, 5) with { Root = Digest.Sha256("another"u8) }));

        Assert.Single(faults);
        Assert.Throws<StoreFaultException>(() => anchor.Raise(Head(1, 6)));
    }

    [Fact]
    public void Two_processes_on_one_anchor_find_each_other_out_R1()
    {
        using var first = Open(out _);
        first.Raise(Head(1, 5));
        using var second = Open(out _);
        second.Raise(Head(1, 6));

        Assert.Throws<StoreFaultException>(() => first.Raise(Head(1, 7)));

        Assert.Single(faults);
        using var third = Open(out _);
        Assert.Equal(Head(1, 6), third.Find(Ledger));
    }

    [Fact]
    public void Its_files_are_their_owners_alone()
    {
        using var anchor = Open(out _);
        anchor.Raise(Head(1, 5));
        foreach (var file in Directory.GetFiles(directory))
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }

    private static AnchoredHead Head(uint incarnation, ulong size) => new(Ledger, incarnation, size, Digest.Sha256([(byte)incarnation, (byte)size]));

    private SqliteAnchor Open(out bool isNew) => SqliteAnchor.Open(Database, faults.Add, out isNew);
}
