using System.Text.RegularExpressions;
using Federation.Node.Tests.Tidy;
using Xunit;

namespace Federation.Node.Tests;

/// <summary>Reads the repository itself: the arrows between the node's folders, the budget of sizes, and what may not be written down.</summary>
public sealed partial class TidyTests
{
    private const int MedianFileLines = 80;
    private const int P90FileLines = 250;
    private const int MaxFileLines = 600;
    private const int MaxMemberLines = 70;
    private const int MaxInterfaces = 3;
    private const double LeastSealedShare = 0.9;
    private const int MaxReadmeLines = 200;

    private static readonly string[] BannedEndings =
        ["Manager", "Helper", "Util", "Utils", "Processor", "Handler", "Impl", "Info", "Data", "Dto", "Base", "Common"];

    // Folder by folder, what each may use. Operations and the files beside the folders may use all; nothing may use Operations.
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Storage"] = [],
        ["Sharing"] = [],
        ["Partners"] = ["Sharing", "Storage"],
        ["Access"] = ["Partners", "Storage"],
        ["Ledger"] = ["Sharing", "Partners", "Storage"],
        ["Exchange"] = ["Ledger", "Sharing", "Partners", "Access", "Storage"],
        ["Records"] = ["Access", "Storage"],
        ["Operations"] = ["Access", "Exchange", "Ledger", "Partners", "Records", "Sharing", "Storage"],
    };

    private static readonly IReadOnlyList<SourceFile> Sources = RepositoryTree.CSharp("src");
    private static readonly IReadOnlyList<SourceFile> Everything = [.. Sources, .. RepositoryTree.CSharp("tests")];
    private static readonly IReadOnlyList<SourceFile> NodeFiles = [.. Sources.Where(f => f.Path.StartsWith("src/Federation.Node/", StringComparison.Ordinal))];

    [Fact]
    public void Folders_of_the_node_use_only_what_the_table_allows()
    {
        var arrows = new FolderArrows(NodeFiles);

        Assert.Equal(MayUse.Keys.Order(StringComparer.Ordinal), arrows.Folders);
        AssertNone(
            from file in NodeFiles
            let folder = FolderArrows.FolderOf(file)
            where folder.Length > 0
            from used in arrows.UsedBy(file)
            where !MayUse[folder].Contains(used)
            select $"{file.Path}: {folder} may not use {used}");
    }

    [Fact]
    public void No_two_folders_of_the_node_use_each_other()
    {
        var arrows = new FolderArrows(NodeFiles);
        var pairs = NodeFiles.SelectMany(f => arrows.UsedBy(f).Select(used => (From: FolderArrows.FolderOf(f), To: used)))
            .Where(p => p.From.Length > 0).ToHashSet();

        AssertNone(pairs.Where(p => pairs.Contains((p.To, p.From))).Select(p => $"{p.From} and {p.To} use each other"));
        AssertNone(
            from row in MayUse
            from to in row.Value
            where MayUse[to].Contains(row.Key)
            select $"the table lets {row.Key} and {to} use each other");
    }

    [Fact]
    public void Folders_know_of_the_composition_root_only_its_options()
    {
        var arrows = new FolderArrows(NodeFiles);

        AssertNone(
            from file in NodeFiles
            where FolderArrows.FolderOf(file).Length > 0
            from name in arrows.RootTypesIn(file)
            where !name.EndsWith("Options", StringComparison.Ordinal)
            select $"{file.Path}: {name}");
    }

    [Fact]
    public void Source_files_are_short()
    {
        var lengths = Sources.Select(f => f.Lines.Count).Order().ToList();

        Assert.InRange(lengths[lengths.Count / 2], 1, MedianFileLines);
        Assert.InRange(lengths[lengths.Count * 9 / 10], 1, P90FileLines);
        AssertNone(Sources.Where(f => f.Lines.Count > MaxFileLines).Select(f => $"{f.Path}: {f.Lines.Count} lines, at most {MaxFileLines}"));
    }

    [Fact]
    public void Members_fit_on_a_screen() =>
        AssertNone(
            from file in Sources
            from member in file.Members
            where member.LineCount > MaxMemberLines
            select $"{file.Path}:{member.FirstLine}: {member.LineCount} lines, at most {MaxMemberLines}");

    [Fact]
    public void Interfaces_are_few()
    {
        var interfaces = Sources.SelectMany(f => f.Types).Where(t => t.Kind == "interface").Select(t => t.Name).ToList();

        Assert.True(interfaces.Count <= MaxInterfaces, string.Join(", ", interfaces));
    }

    [Fact]
    public void Classes_are_sealed_or_static()
    {
        var classes = Sources.SelectMany(f => f.Types.Where(t => t.Kind is "class" or "record").Select(t => (f.Path, Type: t))).ToList();
        var open = classes.Where(c => !c.Type.Has("sealed") && !c.Type.Has("static")).Select(c => $"{c.Path}: {c.Type.Name}").ToList();

        Assert.True(open.Count <= classes.Count * (1 - LeastSealedShare), string.Join('\n', open));
    }

    [Fact]
    public void A_file_is_its_one_top_level_type() =>
        AssertNone(
            from file in Everything
            where file.Name != "Program"
            let types = file.Types.Where(t => !t.IsNested).ToList()
            let isPart = types.Count == 1 && types[0].Has("partial") && file.Name.StartsWith($"{types[0].Name}.", StringComparison.Ordinal)
            where types.Count != 1 || (types[0].Name != file.Name && !isPart)
            select $"{file.Path}: {string.Join(", ", types.Select(t => t.Name))}");

    [Fact]
    public void Names_say_what_a_thing_is() =>
        AssertNone(
            from file in Everything
            from name in file.Types.Select(t => t.Name).Append(file.Name).Distinct()
            from ending in BannedEndings
            where name.EndsWith(ending, StringComparison.Ordinal)
            select $"{file.Path}: {name}");

    [Fact]
    public void Warnings_are_not_switched_off_and_regions_hide_nothing() =>
        AssertNone(Find(Everything, DirectiveLine()));

    [Fact]
    public void Nothing_is_left_to_do() => AssertNone(Find(Everything, Leftover()));

    [Fact]
    public void Public_types_of_the_protocol_say_what_they_mean() =>
        AssertNone(
            from file in Sources
            where file.Path.StartsWith("src/Federation.Protocol/", StringComparison.Ordinal)
            from type in file.Types
            where type.Has("public") && !HasSummary(file, type.Line)
            select $"{file.Path}:{type.Line}: {type.Name} has no summary");

    [Fact]
    public void Every_element_of_the_protos_has_a_comment()
    {
        var elements = RepositoryTree.Files("protos", ".proto").SelectMany(ProtoElements.Of).ToList();

        Assert.True(elements.Count > 500, $"only {elements.Count} elements were found");
        AssertNone(elements.Where(e => !e.HasComment).Select(e => $"{e.Path}:{e.Line}: {e.Text}"));
    }

    [Fact]
    public void The_readme_is_short() => Assert.InRange(RepositoryTree.Read("README.md").TrimEnd('\n').Split('\n').Length, 1, MaxReadmeLines);

    [Fact]
    public void The_architecture_names_files_that_exist()
    {
        var named = NamedFile().Matches(RepositoryTree.Read("ARCHITECTURE.md")).Select(m => m.Groups["file"].Value).Distinct().ToList();

        Assert.True(named.Count > 20, $"only {named.Count} files are named");
        AssertNone(named.Where(f => NodeFiles.All(n => n.Path != $"src/Federation.Node/{f}.cs")));
    }

    [Theory]
    [InlineData("I1")]
    [InlineData("I2")]
    [InlineData("I3")]
    [InlineData("I4")]
    [InlineData("I5")]
    [InlineData("I6")]
    [InlineData("I7")]
    [InlineData("I8")]
    [InlineData("I9")]
    [InlineData("I10")]
    [InlineData("I11")]
    [InlineData("I12")]
    [InlineData("I13")]
    [InlineData("I14")]
    [InlineData("I15")]
    [InlineData("I16")]
    [InlineData("I17")]
    [InlineData("I18")]
    [InlineData("I19")]
    [InlineData("I22")]
    public void Every_invariant_has_a_test_that_names_it(string invariant)
    {
        var name = new Regex($"(?<![A-Za-z0-9]){invariant}(?![A-Za-z0-9])");
        var tests = Everything.Where(f => f.Path.StartsWith("tests/", StringComparison.Ordinal) && f.Name != nameof(TidyTests) && name.IsMatch(f.Text));

        Assert.NotEmpty(tests);
        Assert.Matches($@"\| {invariant} \|", RepositoryTree.Read("ARCHITECTURE.md"));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("SECURITY.md")]
    public void Links_between_documents_lead_somewhere(string document) =>
        AssertNone(
            from link in Link().Matches(RepositoryTree.Read(document)).Select(m => m.Groups["path"].Value)
            where !File.Exists(Path.Combine(RepositoryTree.Location, link))
            select $"{document}: {link}");

    [Fact]
    public void Nothing_speaks_of_the_machine_it_was_written_on()
    {
        var files = RepositoryTree.Files(".").Where(p => !p.EndsWith(".binpb", StringComparison.Ordinal) && !p.EndsWith(".bin", StringComparison.Ordinal));

        AssertNone(
            from path in files
            from line in RepositoryTree.Read(path).Split('\n').Index()
            where MachinePath().IsMatch(line.Item) || RegistryAddress().IsMatch(line.Item)
            select $"{path}:{line.Index + 1}: {line.Item.Trim()}");
        AssertNone(files.Where(p => Path.GetFileName(p).ToLowerInvariant() is "nuget.config" or ".npmrc" or "pip.conf"));
    }

    private static bool HasSummary(SourceFile file, int line)
    {
        var above = file.Lines.Take(line - 1).Reverse().Select(l => l.Trim()).SkipWhile(l => l.StartsWith('['));
        return above.TakeWhile(l => l.StartsWith("///", StringComparison.Ordinal)).Any(l => l.Contains("<summary>", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Find(IEnumerable<SourceFile> files, Regex pattern) =>
        from file in files
        from line in file.Lines.Index()
        where pattern.IsMatch(line.Item)
        select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}";

    private static void AssertNone(IEnumerable<string> faults)
    {
        var found = faults.ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [GeneratedRegex(@"^\s*#\s*(?:pragma\s+warning\s+disable|region|endregion)\b")]
    private static partial Regex DirectiveLine();

    // Written in two halves, so that this line is not found.
    [GeneratedRegex(@"\b(?:TO" + "DO|FIX" + "ME|HA" + @"CK|XX" + @"X)\b|NotImplemented" + "Exception")]
    private static partial Regex Leftover();

    // A path below the directories of people and jobs; `keys/root` and the like are not at a root.
    [GeneratedRegex(@"(?<![\w.\-/>)}\]])/(?:home|root|work|workspace|Users)/\w")]
    private static partial Regex MachinePath();

    // `Exchange/LedgerStream`, at the head of the way it names.
    [GeneratedRegex(@"`(?<file>(?:Access|Exchange|Ledger|Operations|Partners|Records|Sharing|Storage)/[A-Za-z/]+)`")]
    private static partial Regex NamedFile();

    [GeneratedRegex(@"\]\((?<path>[\w./-]+)\)")]
    private static partial Regex Link();

    // Where packages come from is the affair of who restores them.
    [GeneratedRegex(@"""resolved""\s*:\s*""http|https?://(?:registry|artifactory|nexus|proxy|mirror)[.\w-]*\.")]
    private static partial Regex RegistryAddress();
}
