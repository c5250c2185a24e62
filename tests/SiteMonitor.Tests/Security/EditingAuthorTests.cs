using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Security;

/// <summary>The sandbox's editing author and obeying model together.</summary>
public sealed class EditingAuthorTests
{
    [Theory]
    [InlineData(AuthorBehaviour.SwapsBeforeText)]
    [InlineData(AuthorBehaviour.SwapsBeforeAssignment)]
    [InlineData(AuthorBehaviour.EditsBeforeEveryWrite)]
    public async Task Whatever_The_Author_Does_No_Run_Fails_And_No_Unread_Text_Is_Handed_Over(AuthorBehaviour behaviour)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.GitHub.Author = behaviour;
        IssueRef issue = SecurityApp.Open(app, SecurityApp.Title, SecurityApp.Text, "mallory");

        RunRecord record = await app.RunAsync(issue);

        IssueView view = app.View(issue);
        SecurityApp.AssertNoFailure(record);
        SecurityApp.AssertSettled(view);
        Assert.Empty(view.Assignees);
        Assert.DoesNotContain("copilot-assigned", view.Labels);
    }
}
