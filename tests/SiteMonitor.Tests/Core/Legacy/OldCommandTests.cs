using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Legacy;

namespace SiteMonitor.Tests.Core.Legacy;

public sealed class OldCommandTests
{
    [Theory]
    [InlineData("process-issues", null, "process-pipeline --stage preparation")]
    [InlineData("process-issues", 123, "process-pipeline --stage auto --issue 123")]
    [InlineData("process-copilot-issues", null, "process-pipeline --stage preparation")]
    [InlineData("process-copilot-issues", 5, "process-pipeline --stage preparation --issue 5")]
    [InlineData("assign-workflows", null, "process-pipeline --stage analysis")]
    public void Each_Old_Command_Names_What_Takes_Its_Place(string name, int? issue, string expected) =>
        Assert.Equal(expected, OldCommands.Find(name)!.GetReplacement(new CommandRequest { Issue = issue }));

    [Fact]
    public void The_Replacement_Carries_The_Arguments_Over()
    {
        CommandRequest request = new() { Repository = "o/r", BatchSize = 25, DryRun = true };

        Assert.Equal("process-pipeline --stage analysis --repo o/r --batch-size 25 --dry-run", OldCommands.AssignWorkflows.GetReplacement(request));
    }

    [Fact]
    public void A_Repository_That_Is_None_Is_Not_Repeated_In_A_Message() =>
        Assert.Equal("process-pipeline --stage analysis", OldCommands.AssignWorkflows.GetReplacement(new CommandRequest { Repository = "o/r; rm -rf /" }));

    [Theory]
    [InlineData(LegacyCommandMode.Deprecated, "deprecated and will be removed in version 2.0")]
    [InlineData(LegacyCommandMode.Redirected, "now runs this command")]
    [InlineData(LegacyCommandMode.Removed, "has been removed")]
    public void The_Notice_Says_What_Instead_And_Where_It_Is_Explained(LegacyCommandMode mode, string expected)
    {
        string notice = OldCommandNotices.Create(OldCommands.ProcessIssues, mode, new CommandRequest(), "version 2.0", "docs/migration.md");

        Assert.Contains(expected, notice, StringComparison.Ordinal);
        Assert.Contains("process-pipeline --stage preparation", notice, StringComparison.Ordinal);
        Assert.EndsWith("Migration guide: docs/migration.md", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void An_Available_Command_Comes_Without_A_Notice() =>
        Assert.Empty(OldCommandNotices.Create(OldCommands.ProcessIssues, LegacyCommandMode.Available, new CommandRequest(), "version 2.0", "docs/migration.md"));
}
