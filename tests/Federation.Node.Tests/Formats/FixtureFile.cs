using Federation.Formats;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Formats;

/// <summary>One real file of a set.</summary>
internal sealed record FixtureFile(string Format, string Path, byte[] Content)
{
    internal ImportOutcome Import() => Importers.Import(Format, Path, Content, Fixtures.Handling);

    internal RecordDraft Draft()
    {
        var outcome = Import();
        Assert.True(outcome.Faults.Count == 0, $"{Format}/{Path}: {string.Join("; ", outcome.Faults)}");
        return Assert.Single(outcome.Drafts);
    }
}
