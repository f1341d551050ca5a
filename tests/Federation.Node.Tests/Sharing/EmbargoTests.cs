using Federation.Node.Sharing;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;
using Parts = Federation.V1.Records.Part;

namespace Federation.Node.Tests.Sharing;

public sealed class EmbargoTests
{
    [Fact]
    public void A_record_under_embargo_changes_when_it_is_released() =>
        Expect(Now + 50, Policies.AllowAll(), Record(release: Now + 50, parts: Part()));

    [Fact]
    public void Parts_that_would_be_released_before_their_record_wait_for_it() =>
        Expect(Now + 50, Policies.AllowAll(), Record(release: Now + 50, parts: Part(release: Now + 20)));

    [Fact]
    public void A_visible_record_changes_when_the_first_of_its_parts_is_released() =>
        Expect(Now + 20, Policies.AllowAll(), Record(parts: [Part(), Part(release: Now + 90), Part(release: Now + 20), Part(release: Now - 1)]));

    [Fact]
    public void A_record_left_with_its_envelope_changes_when_a_part_is_released() =>
        Expect(Now + 20, Policies.AllowAll(), Record(parts: [Part(marking: Marking.Red), Part(release: Now + 20)]));

    [Fact]
    public void A_release_that_changes_nothing_is_not_waited_for()
    {
        var policy = Policies.Of("  - {name: all, allow: {topics: [cyber]}, withhold: [incident_summary]}");
        Expect(0, policy, Record(release: Now + 50, draft: true, topics: ["cyber"]));
        Expect(0, policy, Record(release: Now + 50, marking: Marking.Red, topics: ["cyber"]));
        Expect(0, policy, Record(release: Now + 50, audience: [Uk], topics: ["cyber"]));
        Expect(0, policy, Record(release: Now + 50));
        Expect(0, policy, Record(topics: ["cyber"], parts: [Part(Parts.IncidentCauseFieldNumber), Part(release: Now + 50)]));
        Expect(0, policy, Record(topics: ["cyber"], parts: [Part(Parts.IncidentCauseFieldNumber), Part(Parts.AnnotationSeenFieldNumber, release: Now + 50)]));
        Expect(0, policy, Record(topics: ["cyber"], parts: [Part(Parts.IncidentCauseFieldNumber, audience: [Uk], release: Now + 50)]));
        Expect(0, policy, Record(RecordKind.Flaw, topics: ["persuasion"], parts: Part(release: Now + 50)));
    }

    [Fact]
    public void A_release_in_the_past_is_not_waited_for() =>
        Expect(0, Policies.AllowAll(), Record(release: Now - 10, parts: [Part(release: Now), Part(release: Now - 5)]));

    private static void Expect(long nextChangeMs, SharingPolicy policy, RecordFacts facts) =>
        Assert.Equal(nextChangeMs, policy.Decide(ForKr, facts, Now, AllNameable).NextChangeMs);
}
