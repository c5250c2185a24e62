using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Security;

/// <summary>The sandbox's editing author and obeying model together.</summary>
public sealed class AuthorEditSimulatorTests
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

    /// <summary>Nobody knows what was handed over, so somebody has to look: the guard tells of it at once, and rolls nothing back.</summary>
    [Fact]
    public async Task A_Text_Swapped_Within_The_Hand_Over_Is_Taken_Back_And_Opens_An_Incident()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = SecurityApp.Open(app, SecurityApp.Title, SecurityApp.Text, "mallory");
        app.Person(UserActionKind.EditTitle, issue, "Swapped", before: "within:addAssigneesToAssignable");

        RunRecord record = await app.RunAsync(issue);
        await app.IdleAsync();

        IssueView view = app.View(issue);
        Assert.Equal((RunOutcome.Waiting, WaitCodes.TextSwapped), (record.Outcome, record.ReasonCode));
        Assert.Equal((SecurityApp.Text, "Swapped"), (view.Body, view.Title));
        Assert.Equal(["needs-review", "site-monitor"], view.Labels.Order());
        Assert.Empty(view.Assignees);
        RolloutState state = (await app.Services.GetRequiredService<RolloutStateRepository>().ReadAsync(TestContext.Current.CancellationToken)).State;
        Assert.Equal(WaitCodes.TextSwapped, Assert.Single(state.Incidents).Signal);
        Assert.Null(state.RolledBack);
    }
}
