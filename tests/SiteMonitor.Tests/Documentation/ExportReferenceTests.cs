using SiteMonitor.Core.Backtest;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

public sealed class ExportReferenceTests
{
    private const string FirstGenerated = "\n### ExportHeader\n";

    [Fact]
    public void The_Fields_In_The_Documentation_Are_Those_Of_The_File()
    {
        string written = RepositoryRoot.Read("docs", "export.md").ReplaceLineEndings("\n");
        string introduction = written[..written.IndexOf(FirstGenerated, StringComparison.Ordinal)];

        CommittedFile.ShouldBe(introduction + BodyReference.Write([typeof(ExportHeader), typeof(IssueHistory)]), "docs", "export.md");
    }
}
