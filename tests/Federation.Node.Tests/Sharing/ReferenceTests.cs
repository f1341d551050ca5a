using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;
using Parts = Federation.V1.Records.Part;

namespace Federation.Node.Tests.Sharing;

public sealed class ReferenceTests
{
    private static readonly RecordName Secret = Name(Us, 7);
    private static readonly RecordName Open = Name(Us, 8);
    private static readonly PartFacts Body = Part(Parts.AnnotationBodyFieldNumber);

    [Fact]
    public void A_part_that_refers_to_what_may_not_be_named_is_withheld()
    {
        var facts = Record(parts: [Part(), Part(Parts.LinkFieldNumber, references: Secret), Part(Parts.LinkFieldNumber, references: Open)]);
        var decision = Policies.AllowAll().Decide(ForKr, facts, Now, NotSecret);
        Assert.Equal([PartVerdict.Visible, PartVerdict.Reference, PartVerdict.Visible], decision.Parts);
    }

    [Fact]
    public void Every_record_that_a_part_refers_to_has_to_be_nameable()
    {
        var facts = Record(parts: [Part(), Part(Parts.LinkFieldNumber, references: [Open, Secret])]);
        Assert.Equal(PartVerdict.Reference, Policies.AllowAll().Decide(ForKr, facts, Now, NotSecret).Parts[1]);
    }

    [Fact]
    public void A_record_whose_only_part_is_withheld_for_a_reference_stays_visible_as_its_envelope()
    {
        var decision = Policies.AllowAll().Decide(ForKr, Record(parts: Part(references: Secret)), Now, NotSecret);
        Assert.True(decision.Visible);
        Assert.Equal([PartVerdict.Reference], decision.Parts);
    }

    [Fact]
    public void The_visibility_of_a_record_that_is_no_annotation_does_not_depend_on_references()
    {
        foreach (var kind in RecordKinds.All.Where(kind => kind != RecordKind.Annotation))
        {
            var facts = Record(kind, parts: [Part(references: Secret), Part(Parts.AnnotationTargetFieldNumber, references: Secret)]);
            Assert.True(Policies.AllowAll().Decide(ForKr, facts, Now, NoneNameable).Visible);
        }
    }

    [Fact]
    public void Nobody_is_asked_about_references_of_what_is_withheld_anyway()
    {
        var asked = new List<RecordName>();
        var hidden = Record(marking: Marking.Red, parts: Part(references: Secret));
        var withheld = Record(parts: [Part(references: Open), Part(marking: Marking.Red, references: Secret), Part(release: Now + 1, references: Secret)]);
        var envelopeOnly = Record(parts: Part(marking: Marking.Red, references: Secret));
        foreach (var facts in new[] { hidden, withheld, envelopeOnly })
        {
            Policies.AllowAll().Decide(ForKr, facts, Now, name =>
            {
                asked.Add(name);
                return true;
            });
        }
        Assert.Equal([Open], asked);
    }

    [Fact]
    public void An_annotation_whose_target_may_not_be_named_is_hidden_whole()
    {
        var policy = Policies.Of("  - {name: all, allow: {}, envelope: share}");
        Assert.Equal(RecordVerdict.Target, policy.Decide(ForKr, Annotation(Secret), Now, NotSecret).Verdict);
        Assert.Equal(RecordVerdict.Visible, policy.Decide(ForKr, Annotation(Open), Now, NotSecret).Verdict);
        Assert.Equal(RecordVerdict.Target, policy.Decide(ForKr, Annotation(Open, Secret), Now, NotSecret).Verdict);
    }

    [Fact]
    public void An_annotation_is_hidden_even_if_its_target_is_withheld_for_another_reason()
    {
        var target = Part(Parts.AnnotationTargetFieldNumber, release: Now + 1, references: Secret);
        var facts = Record(RecordKind.Annotation, parts: [target, Body]);
        Assert.Equal(RecordVerdict.Target, Policies.AllowAll().Decide(ForKr, facts, Now, NotSecret).Verdict);
    }

    [Fact]
    public void An_annotation_that_names_no_target_is_hidden()
    {
        Assert.Equal(RecordVerdict.Target, Policies.AllowAll().Decide(ForKr, Annotation(), Now, AllNameable).Verdict);
        Assert.Equal(RecordVerdict.Target, Policies.AllowAll().Decide(ForKr, Record(RecordKind.Annotation), Now, AllNameable).Verdict);
    }

    [Fact]
    public void What_was_seen_of_a_target_goes_to_its_originator_only()
    {
        var facts = Record(
            RecordKind.Annotation,
            parts: [Part(Parts.AnnotationTargetFieldNumber, references: Name(Kr, 3)), Body, Part(Parts.AnnotationSeenFieldNumber)]);
        var policy = Policies.AllowAll();
        Assert.Equal([PartVerdict.Visible, PartVerdict.Visible, PartVerdict.Visible], policy.Decide(ForKr, facts, Now, AllNameable).Parts);
        Assert.Equal([PartVerdict.Visible, PartVerdict.Visible, PartVerdict.NotAddressee], policy.Decide(ForUk, facts, Now, AllNameable).Parts);
    }

    [Fact]
    public void What_was_seen_goes_to_nobody_if_nothing_or_more_than_one_originator_is_named()
    {
        var none = Record(parts: [Part(), Part(Parts.AnnotationSeenFieldNumber)]);
        var two = Record(
            RecordKind.Annotation,
            parts: [Part(Parts.AnnotationTargetFieldNumber, references: [Name(Kr, 3), Name(Uk, 4)]), Part(Parts.AnnotationSeenFieldNumber)]);
        Assert.Equal(PartVerdict.NotAddressee, Policies.AllowAll().Decide(ForKr, none, Now, AllNameable).Parts[1]);
        Assert.Equal(PartVerdict.NotAddressee, Policies.AllowAll().Decide(ForKr, two, Now, AllNameable).Parts[1]);
    }

    [Fact]
    public void What_was_seen_is_no_reason_to_show_others_an_annotation()
    {
        var policy = Policies.Of("  - {name: all, allow: {}, withhold: [annotation_target, annotation_body]}");
        var facts = Record(
            RecordKind.Annotation,
            parts: [Part(Parts.AnnotationTargetFieldNumber, references: Name(Kr, 3)), Body, Part(Parts.AnnotationSeenFieldNumber)]);
        Assert.Equal(RecordVerdict.Visible, policy.Decide(ForKr, facts, Now, AllNameable).Verdict);
        Assert.Equal(RecordVerdict.EnvelopeOnly, policy.Decide(ForUk, facts, Now, AllNameable).Verdict);
    }

    [Fact]
    public void A_target_is_judged_without_its_own_references()
    {
        var facts = Record(parts: [Part(references: Secret), Part(marking: Marking.Red)]);
        var decision = Policies.AllowAll().WithoutReferences(ForKr, facts, Now);
        Assert.True(decision.Visible);
        Assert.Equal([PartVerdict.Visible, PartVerdict.Marking], decision.Parts);
        Assert.Equal(RecordVerdict.Draft, Policies.AllowAll().WithoutReferences(ForKr, Record(draft: true), Now).Verdict);
    }

    [Fact]
    public void An_annotation_is_no_target_that_may_be_named_without_asking_about_its_own()
    {
        Assert.Equal(RecordVerdict.Target, Policies.AllowAll().WithoutReferences(ForKr, Annotation(Open), Now).Verdict);
    }

    private static bool NotSecret(RecordName name) => name != Secret;

    private static RecordFacts Annotation(params RecordName[] targets) =>
        Record(RecordKind.Annotation, parts: [Part(Parts.AnnotationTargetFieldNumber, references: targets), Body]);
}
