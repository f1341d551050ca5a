using Federation.Protocol.Records;
using Google.Protobuf.Reflection;
using Xunit;
using FieldLabel = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Federation.Node.Tests.Tidy;

/// <summary>
/// Holds the protos against the committed baseline: what a partner compiled against it may never meet otherwise. `npm run baseline`
/// takes the present protos as the new baseline, which is right after additions only.
/// </summary>
public sealed class DescriptorBaselineTests
{
    private static readonly IReadOnlyList<FileDescriptorProto> Baseline = ReadBaseline();

    [Fact]
    public void The_protos_are_compatible_with_the_baseline()
    {
        var changes = DescriptorChanges.Between(Baseline, Present());

        Assert.True(changes.Count == 0, string.Join('\n', changes));
    }

    [Fact]
    public void The_baseline_covers_every_file_of_the_protos()
    {
        var files = RepositoryTree.Files("protos", ".proto").Select(p => p["protos/".Length..]);

        Assert.Equal(files, Baseline.Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Additions_are_no_incompatible_change()
    {
        var now = Baseline.Select(f => f.Clone()).ToList();
        now[0].MessageType.Add(new DescriptorProto { Name = "Addition" });
        now.SelectMany(f => f.MessageType).First().Field.Add(new FieldDescriptorProto { Name = "added", Number = 4000, Type = FieldType.Bytes });
        now.SelectMany(f => f.Service).First().Method.Add(new MethodDescriptorProto { Name = "Added" });

        Assert.Empty(DescriptorChanges.Between(Baseline, now));
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("number")]
    [InlineData("type")]
    [InlineData("name")]
    [InlineData("label")]
    [InlineData("rpc")]
    [InlineData("enum")]
    public void What_a_partner_would_notice_is_found(string change)
    {
        var now = Baseline.Select(f => f.Clone()).ToList();
        var message = now.SelectMany(f => f.MessageType).First(m => m.Field.Count > 1);
        switch (change)
        {
            case "gone":
                message.Field.RemoveAt(0);
                break;
            case "number":
                message.Field[0].Number = 4000;
                break;
            case "type":
                message.Field[0].Type = message.Field[0].Type == FieldType.Bytes ? FieldType.Int64 : FieldType.Bytes;
                break;
            case "name":
                message.Field[0].Name += "_renamed";
                break;
            case "label":
                message.Field[0].Label = message.Field[0].Label == FieldLabel.Repeated ? FieldLabel.Optional : FieldLabel.Repeated;
                break;
            case "rpc":
                now.SelectMany(f => f.Service).First().Method.RemoveAt(0);
                break;
            default:
                now.SelectMany(f => f.EnumType).First().Value[1].Number = 4000;
                break;
        }

        Assert.Single(DescriptorChanges.Between(Baseline, now));
    }

    private static IReadOnlyList<FileDescriptorProto> ReadBaseline()
    {
        using var file = File.OpenRead(Path.Combine(RepositoryTree.Location, "protos", "baseline.binpb"));
        return [.. FileDescriptorSet.Parser.ParseFrom(file).File.Where(f => f.Package.StartsWith("federation.", StringComparison.Ordinal))];
    }

    // The descriptors compiled into Federation.Protocol; reading them from the code needs no tool and no network.
    private static IReadOnlyList<FileDescriptorProto> Present()
    {
        var descriptors = typeof(Digest).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(t => t.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>();
        return [.. descriptors.Select(d => d.ToProto())];
    }
}
