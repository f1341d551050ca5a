using Federation.Cli;
using Federation.Cli.RecordFiles;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class DraftFilesTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_directory_gives_its_record_files_in_the_order_of_their_paths()
    {
        Directory.CreateDirectory(_directory.Inside("sub.json"));
        foreach (var name in new[] { "b.json", "a.jsonl", "notes.md", "sub.json/c.json" })
            _directory.Write(name, "{}");

        var files = DraftFiles.Find([_directory.Location]);

        Assert.Equal(["a.jsonl", "b.json", "sub.json/c.json"], files.Select(file => Path.GetRelativePath(_directory.Location, file)));
    }

    [Fact]
    public void A_path_that_is_not_there_is_wrong_usage()
    {
        var failure = Assert.Throws<CommandFailureException>(() => DraftFiles.Find([_directory.Inside("nothing")]));

        Assert.Equal(ExitCode.Usage, failure.ExitCode);
    }

    [Fact]
    public async Task Lines_are_records_and_a_bad_one_names_its_line()
    {
        var file = _directory.Write("many.jsonl", "{\"recordId\":\"one\"}\n\n{\"bad\":1}\n{\"recordId\":\"two\"}\n");

        var sources = await ReadAsync(file, isIdempotent: false);

        Assert.Equal(["one", null, "two"], sources.Select(source => source.Draft?.RecordId));
        Assert.Equal($"{file}:3", sources[1].Place);
        Assert.Equal("bad", Assert.Single(sources[1].Faults).Field);
    }

    [Fact]
    public async Task Idempotency_keys_follow_the_bytes_of_the_file_and_the_place_in_it()
    {
        var first = _directory.Write("first.jsonl", "{}\n{}\n");
        var same = _directory.Write("same.jsonl", "{}\n{}\n");
        var other = _directory.Write("other.jsonl", "{}\n{} \n");

        var keys = (await ReadAsync(first, isIdempotent: true)).Select(source => source.IdempotencyKey).ToList();

        Assert.Equal(2, keys.Distinct().Count());
        Assert.All(keys, key => Assert.InRange(key.Length, 1, 128));
        Assert.Equal(keys, (await ReadAsync(same, isIdempotent: true)).Select(source => source.IdempotencyKey));
        Assert.Empty(keys.Intersect((await ReadAsync(other, isIdempotent: true)).Select(source => source.IdempotencyKey)));
    }

    [Fact]
    public async Task Without_being_asked_there_is_no_key()
    {
        var file = _directory.Write("one.json", "{}");

        Assert.Equal("", Assert.Single(await ReadAsync(file, isIdempotent: false)).IdempotencyKey);
    }

    private static async Task<List<DraftSource>> ReadAsync(string file, bool isIdempotent)
    {
        var sources = new List<DraftSource>();
        await foreach (var source in DraftFiles.ReadAsync([file], isIdempotent, CancellationToken.None))
            sources.Add(source);
        return sources;
    }
}
