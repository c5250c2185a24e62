using DurableTask.Sqlite.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>An issue's way from the label to Copilot, and what it costs.</summary>
public sealed class FullPipelineTests
{
    [Fact]
    public async Task From_Site_Monitor_To_Copilot_Assigned_It_Takes_Five_GitHub_Calls_Three_Of_Them_Writes()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        await app.RunAsync(app.OpenClear());
        IssueRef issue = app.OpenClear();
        SandboxStats before = app.GitHub.Stats;

        RunRecord record = await app.RunAsync(issue);

        SandboxStats after = app.GitHub.Stats;
        IssueView view = app.View(issue);
        Assert.Equal((RunOutcome.Succeeded, string.Empty), (record.Outcome, record.Reason));
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], view.Labels.Order());
        Assert.Contains("Copilot", view.Assignees);
        Assert.Contains("## 🤖 Copilot Processing Instructions", view.Body, StringComparison.Ordinal);
        Assert.Single(view.Comments);
        Assert.Equal((2, 3, 0), (record.Usage.GitHubReads, record.Usage.GitHubWrites, record.Usage.GitHubExtra));
        Assert.Equal(5, after.GitHubRequests - before.GitHubRequests);
        Assert.Equal(2, after.RestReads + after.GraphQueries - before.RestReads - before.GraphQueries);
        Assert.Equal(3, after.RestWrites + after.GraphMutations - before.RestWrites - before.GraphMutations);
        Assert.Equal([(Stage.Analysis, Logic.Unified), (Stage.Preparation, Logic.Unified)], record.Stages.Select(s => (s.Stage, s.Logic)));
        Assert.All(record.Stages, s => Assert.Equal(RunOutcome.Succeeded, s.Outcome));
        Assert.Equal(["intelligence-analyst"], record.Specialists);
        Assert.False(record.ManualIntervention);
    }

    [Fact]
    public async Task With_Its_History_Read_From_Disk_At_Every_Step_A_Run_Does_And_Counts_The_Same()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: services => services.Configure<EmbeddedTaskHubOptions>(o => o.MaxCachedHistories = 0));
        await app.RunAsync(app.OpenClear());
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "updateIssue", Effect = FaultEffect.ServerError, Times = 2 });
        app.GitHub.Inject(new FaultRule { Match = "addComment", Effect = FaultEffect.TooManyRequests, RetryAfter = 1 });

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Succeeded, string.Empty), (record.Outcome, record.Reason));
        Assert.Equal((2, 2), (record.Usage.GitHubReads, record.Usage.GitHubWrites));
        // One of them is the probe of the circuit that the two failures open.
        Assert.Equal(8, record.Usage.GitHubExtra);
        Assert.Single(app.View(issue).Comments);
    }
}
