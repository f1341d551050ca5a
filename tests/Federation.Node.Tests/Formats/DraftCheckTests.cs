using Federation.Node.Records;
using Xunit;

namespace Federation.Node.Tests.Formats;

public sealed class DraftCheckTests
{
    [Fact]
    public void Every_imported_draft_passes_the_checks_of_the_node()
    {
        foreach (var file in Fixtures.All().Where(file => !file.Path.Contains("schema", StringComparison.Ordinal)))
        {
            var faults = new FieldFaults();
            DraftChecks.Check(file.Draft(), "", faults);
            faults.ThrowIfAny();
        }
    }
}
