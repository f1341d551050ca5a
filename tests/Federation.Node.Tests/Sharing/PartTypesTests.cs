using Federation.Protocol.Records;
using Federation.V1.Records;
using Xunit;
using Parts = Federation.V1.Records.Part;

namespace Federation.Node.Tests.Sharing;

public sealed class PartTypesTests
{
    [Fact]
    public void Part_types_are_the_contents_of_a_part()
    {
        var contents = Enum.GetValues<Parts.ContentOneofCase>().Where(content => content != Parts.ContentOneofCase.None).ToArray();
        Assert.Equal(contents.Select(content => (int)content).Order(), PartTypes.All);
        foreach (var type in PartTypes.All)
        {
            Assert.True(PartTypes.TryGetType(PartTypes.NameOf(type)!, out var found));
            Assert.Equal(type, found);
        }
        Assert.Equal("incident_reporter_contact", PartTypes.NameOf(Parts.IncidentReporterContactFieldNumber));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Incident_Summary")]
    [InlineData("incidentSummary")]
    [InlineData("marking")]
    [InlineData("evidence")]
    public void Other_names_are_no_part_types(string name) => Assert.False(PartTypes.TryGetType(name, out _));

    [Fact]
    public void Every_kind_has_parts_of_its_own_and_four_types_belong_to_all()
    {
        foreach (var kind in RecordKinds.All)
            Assert.Contains(PartTypes.All, type => PartTypes.KindOf(type) == kind);
        Assert.Equal(
            [Parts.AliasesFieldNumber, Parts.ImportSourceFieldNumber, Parts.LinkFieldNumber, Parts.OnwardGrantFieldNumber],
            PartTypes.All.Where(type => PartTypes.KindOf(type) is null));
        Assert.Equal(RecordKind.EvaluationResult, PartTypes.KindOf(Parts.ResultScoresFieldNumber));
        Assert.Equal(RecordKind.JointExercise, PartTypes.KindOf(Parts.ExercisePlanFieldNumber));
    }

    [Fact]
    public void A_type_occurs_in_its_kind_only()
    {
        Assert.True(PartTypes.MayOccurIn(Parts.FlawSummaryFieldNumber, RecordKind.Flaw));
        Assert.False(PartTypes.MayOccurIn(Parts.FlawSummaryFieldNumber, RecordKind.Incident));
        Assert.True(PartTypes.MayOccurIn(Parts.LinkFieldNumber, RecordKind.Incident));
        Assert.False(PartTypes.MayOccurIn(Parts.LinkFieldNumber, (RecordKind)99));
        Assert.False(PartTypes.MayOccurIn(9_999, RecordKind.Incident));
    }

    [Fact]
    public void Types_that_can_refer_to_a_record_are_found_however_deep_the_reference_lies()
    {
        Assert.True(PartTypes.MayRefer(Parts.LinkFieldNumber));
        Assert.True(PartTypes.MayRefer(Parts.AnnotationTargetFieldNumber));
        Assert.True(PartTypes.MayRefer(Parts.ModelRiskFieldNumber));
        Assert.True(PartTypes.MayRefer(Parts.IncidentSystemFieldNumber));
        Assert.False(PartTypes.MayRefer(Parts.AliasesFieldNumber));
        Assert.False(PartTypes.MayRefer(Parts.IncidentReporterContactFieldNumber));
        Assert.True(PartTypes.MayRefer(9_999));
    }

    [Fact]
    public void A_set_holds_exactly_what_was_put_in()
    {
        foreach (var type in PartTypes.All)
        {
            var set = PartTypeSet.Of(type);
            Assert.Equal([type], set.ToTypes());
            Assert.All(PartTypes.All, other => Assert.Equal(other == type, set.Contains(other)));
        }
        var all = PartTypeSet.Of([.. PartTypes.All]);
        Assert.Equal(PartTypes.All.Count, all.Count);
        Assert.Equal(PartTypes.All, all.ToTypes());
        Assert.False(all.Contains(9_999));
        Assert.True(all.Except(all).IsEmpty);
        Assert.Equal(all, all.Intersect(all));
        Assert.Throws<ArgumentOutOfRangeException>(() => PartTypeSet.Of(9_999));
    }

    [Fact]
    public void Kinds_have_the_names_of_the_record_model()
    {
        Assert.Equal(
            "model incident flaw evaluation evaluation_result dataset criterion joint_exercise shared_resource practice priority progress_report annotation",
            string.Join(' ', RecordKinds.Names));
        foreach (var (name, kind) in RecordKinds.Names.Zip(RecordKinds.All))
        {
            Assert.True(RecordKinds.TryParse(name, out var parsed));
            Assert.Equal(kind, parsed);
        }
        Assert.False(RecordKinds.TryParse("unspecified", out _));
    }
}
