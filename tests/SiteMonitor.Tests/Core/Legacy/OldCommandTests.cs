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
    public void Each_old_command_names_what_takes_its_place(string name, int? issue, string expected) =>
        Assert.Equal(expected, OldCommands.Find(name)!.GetReplacement(new CommandRequest { Issue = issue }));

    [Fact]
    public void The_replacement_carries_the_arguments_over()
    {
        CommandRequest request = new() { Repository = "o/r", BatchSize = 25, DryRun = true };

        Assert.Equal("process-pipeline --stage analysis --repo o/r --batch-size 25 --dry-run", OldCommands.AssignWorkflows.GetReplacement(request));
    }

    [Fact]
    public void A_repository_that_is_none_is_not_repeated_in_a_message() =>
        Assert.Equal("process-pipeline --stage analysis", OldCommands.AssignWorkflows.GetReplacement(new CommandRequest { Repository = "o/r; rm -rf /" }));

    [Theory]
    [InlineData(LegacyCommandMode.Deprecated, "deprecated and goes with version 2.0")]
    [InlineData(LegacyCommandMode.Redirected, "now does what this does")]
    [InlineData(LegacyCommandMode.Removed, "has been removed")]
    public void The_notice_says_what_instead_and_where_it_is_explained(LegacyCommandMode mode, string expected)
    {
        string notice = OldCommandNotices.Create(OldCommands.ProcessIssues, mode, new CommandRequest(), "version 2.0", "docs/migration.md");

        Assert.Contains(expected, notice, StringComparison.Ordinal);
        Assert.Contains("process-pipeline --stage preparation", notice, StringComparison.Ordinal);
        Assert.EndsWith("Migration guide: docs/migration.md", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void An_available_command_comes_without_a_notice() =>
        Assert.Empty(OldCommandNotices.Create(OldCommands.ProcessIssues, LegacyCommandMode.Available, new CommandRequest(), "version 2.0", "docs/migration.md"));
}
