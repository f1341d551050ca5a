using System.Security.Cryptography;
using Federation.V1.Records;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Formats;

public sealed class FixtureImportTests
{
    [Fact]
    public void Every_file_is_imported_except_the_three_schemas_which_are_refused_as_such()
    {
        foreach (var (format, _, files, schemas) in Fixtures.Sets)
        {
            var outcomes = Fixtures.Of(format).Select(file => (file.Path, Outcome: file.Import())).ToArray();
            Assert.Equal(files, outcomes.Length);
            var refused = outcomes.Where(outcome => outcome.Outcome.Drafts.Count == 0).ToArray();
            Assert.Equal(schemas, refused.Length);
            Assert.All(refused, file =>
            {
                Assert.Contains("schema", file.Path, StringComparison.Ordinal);
                var fault = Assert.Single(file.Outcome.Faults);
                Assert.Equal("/$schema", fault.Path);
                Assert.Contains("JSON Schema", fault.Message, StringComparison.Ordinal);
            });
            Assert.All(outcomes.Except(refused), file => Assert.Empty(file.Outcome.Faults));
        }
    }

    [Fact]
    public void A_file_in_a_folder_whose_name_ends_in_json_is_imported_under_its_path()
    {
        var file = Assert.Single(Fixtures.All(), file => file.Path.Contains(".json/", StringComparison.Ordinal));
        Assert.Equal(file.Path, file.Draft().Provenance.PathInSet);
    }

    [Fact]
    public void The_same_bytes_give_the_same_drafts_byte_for_byte()
    {
        foreach (var file in Fixtures.All())
        {
            var first = file.Import();
            var second = file.Import();
            Assert.Equal(first.Drafts.Select(draft => draft.ToByteString()), second.Drafts.Select(draft => draft.ToByteString()));
            Assert.Equal(first.Faults, second.Faults);
        }
    }

    [Fact]
    public void Provenance_names_scheme_id_path_digest_and_mapping_and_the_source_part_holds_no_digest()
    {
        foreach (var (file, draft) in Imported())
        {
            var digest = SHA256.HashData(file.Content);
            Assert.Equal(file.Format, draft.Provenance.Scheme);
            Assert.Equal(file.Path, draft.Provenance.PathInSet);
            Assert.Equal(digest, draft.Provenance.RawDigest.ToByteArray());
            Assert.Equal(1u, draft.Provenance.MappingVersion);
            Assert.NotEmpty(draft.Provenance.ExternalId);
            var source = draft.Source();
            Assert.Equal((file.Format, draft.Provenance.ExternalId), (source.Format, source.ExternalId));
            Assert.NotEmpty(source.FormatVersion);
            Assert.DoesNotContain(Convert.ToHexStringLower(digest), source.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Scheme_id_and_path_tell_all_records_apart_although_ids_repeat()
    {
        var drafts = Imported().Select(pair => pair.Draft.Provenance).ToArray();
        Assert.Equal(178, drafts.Length);
        Assert.Equal(4, drafts.Length - drafts.Select(draft => (draft.Scheme, draft.ExternalId)).Distinct().Count());
        Assert.Equal(drafts.Length, drafts.Select(draft => (draft.Scheme, draft.ExternalId, draft.PathInSet)).Distinct().Count());
    }

    [Fact]
    public void Every_draft_has_the_handling_that_the_import_named_and_keeps_within_the_bounds()
    {
        foreach (var (_, draft) in Imported())
        {
            Assert.Equal(Marking.Amber, draft.Envelope.Marking);
            Assert.Equal(["fr", "jp"], draft.Audience);
            Assert.Equal(["cyber"], draft.Envelope.Topics);
            Assert.All(draft.Parts, part => Assert.Equal(Marking.Unspecified, part.Part.Marking));
            DraftBounds.Check(draft);
        }
    }

    [Fact]
    public void No_fixture_is_cut_or_dropped()
    {
        foreach (var (_, draft) in Imported())
            Assert.DoesNotContain(draft.Provenance.LossNotes, note =>
                note.Contains("dropped", StringComparison.Ordinal) || note.Contains(" cut ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_in_one_part_leaves_the_keys_and_bytes_of_the_others_alone()
    {
        var file = Fixtures.Of("avid").First(file => file.Path.EndsWith("AVID-2023-V016.json", StringComparison.Ordinal));
        var before = file.Draft();
        var text = System.Text.Encoding.UTF8.GetString(file.Content).Replace("L06: Deployment", "L05: Evaluation", StringComparison.Ordinal);
        var after = new FixtureFile("avid", file.Path, System.Text.Encoding.UTF8.GetBytes(text)).Draft();
        var changed = before.Parts.Zip(after.Parts).Where(pair => !pair.First.Equals(pair.Second)).ToArray();
        Assert.Equal("codes", Assert.Single(changed).First.Key);
        Assert.Equal(before.Parts.Select(part => part.Key), after.Parts.Select(part => part.Key));
    }

    private static IEnumerable<(FixtureFile File, Federation.V1.Node.RecordDraft Draft)> Imported() =>
        Fixtures.All().Where(file => !file.Path.Contains("schema", StringComparison.Ordinal)).Select(file => (file, file.Draft()));
}
