using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The end of an issue's life.</summary>
public sealed class CompletionTests
{
    [Fact]
    public async Task A_Merged_Pull_Request_Completes_The_Issue_It_Closes()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear("customer-4711");
        await app.IdleAsync();

        app.Person(UserActionKind.Merge, issue);
        await app.IdleAsync();

        IssueView view = app.View(issue);
        Assert.Equal(["completed", "customer-4711"], view.Labels.Order());
        Assert.False(view.IsOpen);
        RunRecord record = Assert.Single(app.RecordsOf(issue), r => r is { Kind: RunKind.Completion, Outcome: RunOutcome.Succeeded });
        Assert.Equal("pull-request-merged", record.ReasonCode);
        Assert.Equal(["intelligence-analyst"], record.Specialists);
    }

    [Fact]
    public async Task An_Issue_Closed_As_Completed_Is_Completed()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();

        app.Person(UserActionKind.CloseAsCompleted, issue);
        await app.IdleAsync();

        Assert.Equal(["completed"], app.View(issue).Labels);
        Assert.Equal("closed-as-completed", Assert.Single(app.RecordsOf(issue), r => r.Kind == RunKind.Completion).ReasonCode);
    }

    [Fact]
    public async Task An_Issue_Closed_As_Not_Planned_Keeps_Its_Labels()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();

        app.Person(UserActionKind.CloseAsNotPlanned, issue);
        await app.IdleAsync();

        Assert.Contains("copilot-assigned", app.View(issue).Labels);
        Assert.DoesNotContain(app.RecordsOf(issue), r => r.Kind == RunKind.Completion);
    }

    [Fact]
    public async Task Removing_The_Label_That_Held_An_Issue_Back_Starts_It_Again()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear("feature");
        await app.IdleAsync();
        Assert.DoesNotContain(app.GitHub.Writes, w => w.Via != "person" && w.Issue == issue.Canonical);

        app.Person(UserActionKind.RemoveLabel, issue, "feature");
        await app.IdleAsync();

        Assert.Equal(["copilot-assigned", "intelligence-analyst"], app.View(issue).Labels.Order());
        Assert.All(app.RecordsOf(issue), r => Assert.Equal(TriggerNames.Webhook, r.Trigger));
    }

    [Fact]
    public async Task A_Merge_Whose_Completion_Failed_Is_Completed_When_Its_Delivery_Is_Sent_Again()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();
        app.GitHub.Inject(new FaultRule { Match = "removeLabelsFromLabelable", Effect = FaultEffect.BadCredentials, Times = 0 });
        app.Person(UserActionKind.Merge, issue);
        await app.IdleAsync();
        Assert.Contains("copilot-assigned", app.View(issue).Labels);

        app.GitHub.ClearFaults();
        app.GitHub.Redeliver(app.GitHub.Deliveries.Last(d => d.Event == "pull_request").Id);
        await app.IdleAsync();

        Assert.Equal(["completed"], app.View(issue).Labels);
        Assert.Equal("pull-request-merged", Assert.Single(app.RecordsOf(issue), r => r is { Kind: RunKind.Completion, Outcome: RunOutcome.Succeeded }).ReasonCode);
    }
}
