using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The host stops in the middle of a run and starts again.</summary>
public sealed class RestartTests
{
    [Theory]
    [InlineData("addLabelsToLabelable")]
    [InlineData("model")]
    [InlineData("updateIssue")]
    [InlineData("addComment")]
    [InlineData("removeLabelsFromLabelable")]
    public async Task A_Run_Goes_On_Where_It_Was(string step)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        app.GitHub.Before(step, _ =>
        {
            reached.TrySetResult();
            return Task.CompletedTask;
        });
        app.GitHub.Inject(new FaultRule { Match = step, Effect = FaultEffect.Slow, DelayMs = 300, AfterWork = true });
        await app.PostAsync($"api/pipeline/issues/{issue.Repository}/{issue.Number}", new PipelineRequest());
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await app.RestartAsync();
        await app.EndAsync(issue);

        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome);
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], app.View(issue).Labels.Order());
        Assert.Single(app.View(issue).Comments);
        Assert.Equal(2, app.View(issue).BodyHistory.Count);
    }
}
