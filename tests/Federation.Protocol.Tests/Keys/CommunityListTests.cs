using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Keys;

public class CommunityListTests
{
    private static readonly InstituteId Jp = InstituteId.Parse("jp");
    private static readonly InstituteId Uk = InstituteId.Parse("uk");

    [Fact]
    public void A_list_is_its_bytes_whatever_the_order_in_which_it_is_named()
    {
        var one = Create("network", (Uk, "a"), (Jp, "b"));
        var other = Create("network", (Jp, "b"), (Uk, "a"));

        Assert.Equal(one.Digest, other.Digest);
        Assert.Equal(Digest.Sha256(one.Encode()), one.Digest);
        Assert.True(CommunityList.TryDecode(one.Encode(), out var read, out _));
        Assert.Equal((one.Digest, "network", 2), (read.Digest, read.Name, read.Count));
        Assert.Equal([Jp, Uk], read.Members.Select(member => member.Institute));
    }

    [Fact]
    public void Another_member_root_or_name_makes_another_list()
    {
        var digests = new[]
        {
            Create("network", (Uk, "a")), Create("network", (Uk, "b")), Create("network", (Jp, "a")), Create("networks", (Uk, "a")), Create("network"),
            Create("network", (Uk, "a"), (Jp, "a")),
        }.Select(list => list.Digest);

        Assert.Equal(6, digests.Distinct().Count());
    }

    [Fact]
    public void A_member_counts_under_its_root_alone()
    {
        var list = Create("network", (Uk, "a"));

        Assert.True(list.Has(Uk, Root("a")));
        Assert.False(list.Has(Uk, Root("b")));
        Assert.False(list.Has(Jp, Root("a")));
        Assert.Equal(Root("a"), list.RootOf(Uk));
        Assert.Null(list.RootOf(Jp));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("Network")]
    [InlineData("net work")]
    [InlineData("a-name-that-is-one-character-long")]
    public void A_bad_name_is_refused(string name) => Assert.False(CommunityList.TryCreate(name, [], out _, out _));

    [Fact]
    public void A_member_that_is_named_twice_and_too_many_are_refused()
    {
        Assert.False(CommunityList.TryCreate("network", [new(Uk, Root("a")), new(Uk, Root("b"))], out _, out _));
        Assert.False(CommunityList.TryCreate("network", [new(Uk, Digest.Zero)], out _, out _));
        CommunityMember[] many = [.. Enumerable.Range(0, CommunityList.MaxMembers + 1).Select(i => new CommunityMember(InstituteId.Parse($"i-{i}"), Root("a")))];
        Assert.False(CommunityList.TryCreate("network", many, out _, out _));
        Assert.True(CommunityList.TryCreate("network", many[1..], out var full, out _));
        Assert.True(CommunityList.TryDecode(full.Encode(), out _, out _));
    }

    [Fact]
    public void Every_truncation_and_addition_is_refused()
    {
        var bytes = Create("network", (Uk, "a"), (Jp, "b")).Encode();
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(CommunityList.TryDecode(bytes.AsSpan(0, length), out _, out _));
        Assert.False(CommunityList.TryDecode([.. bytes, 0], out _, out _));
    }

    private static Digest Root(string name) => Digest.Sha256(System.Text.Encoding.ASCII.GetBytes(name));

    private static CommunityList Create(string name, params (InstituteId Institute, string Root)[] members)
    {
        Assert.True(CommunityList.TryCreate(name, members.Select(member => new CommunityMember(member.Institute, Root(member.Root))), out var list, out var error), error);
        return list;
    }
}
