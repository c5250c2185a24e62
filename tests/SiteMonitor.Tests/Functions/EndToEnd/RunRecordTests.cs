using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What a run's record says of the issue's labels and of our comment.</summary>
public sealed class RunRecordTests
{
    [Theory]
    [InlineData("")]
    [InlineData("addLabelsToLabelable")]
    [InlineData("updateIssue")]
    [InlineData("addComment")]
    public async Task A_Run_Records_The_Labels_Before_And_After_And_What_It_Changed_Also_When_A_Response_Is_Lost(string lost)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        if (lost.Length > 0)
        {
            app.GitHub.Inject(new FaultRule { Match = lost, Effect = FaultEffect.Reset, AfterWork = true });
        }

        IssueRef issue = app.OpenClear("customer-4711");
        app.Person(UserActionKind.AddLabel, issue, "late", after: "removeLabelsFromLabelable");

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Succeeded, record.Outcome);
        Assert.Equal(["customer-4711", "site-monitor"], record.LabelsBefore!.Order());
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], record.LabelsAdded!.Order());
        Assert.Equal(["site-monitor"], record.LabelsRemoved!);
        Assert.Superset(new HashSet<string> { "copilot-assigned", "customer-4711", "intelligence-analyst" }, record.LabelsAfter!.ToHashSet());
        Assert.StartsWith("IC_", record.CommentNodeId, StringComparison.Ordinal);
        Assert.Equal((1, 1), Right(record));
    }

    [Fact]
    public async Task A_Run_That_Waits_Records_The_Label_That_Says_So()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("Something", "It may be something.", "site-monitor");

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Waiting, record.Outcome);
        Assert.Equal(app.View(issue).Labels.Except(["site-monitor"]), record.LabelsAdded!);
        Assert.Empty(record.LabelsRemoved!);
        Assert.Equal(app.View(issue).Labels.Order(), record.LabelsAfter!.Order());
        Assert.NotEmpty(record.CommentNodeId);
        Assert.Equal((1, 1), Right(record));
    }

    [Fact]
    public async Task The_Legacy_Logic_Records_What_It_Added()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline");
        IssueRef issue = app.OpenForBoth();

        RunRecord record = await app.RunAsync(issue, "analysis");

        Assert.Equal((Logic.Legacy, RunOutcome.Succeeded), (record.Route, record.Outcome));
        Assert.Equal(["intelligence-analyst"], record.LabelsAdded!);
        Assert.Empty(record.LabelsRemoved!);
        Assert.Contains("site-monitor", record.LabelsAfter!);
    }

    [Fact]
    public async Task A_Run_That_Fails_After_Its_Write_Records_What_Stands()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.GitHub.Inject(new FaultRule { Match = "addComment", Effect = FaultEffect.BadCredentials, Times = 1 });
        IssueRef issue = app.OpenClear();

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Failed, record.Outcome);
        Assert.Equal(["intelligence-analyst"], record.LabelsAdded!);
        Assert.Equal(["site-monitor"], record.LabelsRemoved!);
        Assert.Equal(app.View(issue).Labels.Order(), record.LabelsAfter!.Order());
    }

    [Fact]
    public async Task A_Completion_Records_Its_Labels()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();
        app.Person(UserActionKind.Merge, issue);
        await app.IdleAsync();

        RunRecord record = Assert.Single(app.RecordsOf(issue), r => r is { Kind: RunKind.Completion, Outcome: RunOutcome.Succeeded });

        Assert.Equal(["copilot-assigned", "intelligence-analyst"], record.LabelsBefore!.Order());
        Assert.Equal(["completed"], record.LabelsAdded!);
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], record.LabelsRemoved!.Order());
        Assert.Equal(["completed"], record.LabelsAfter!);
    }

    [Theory]
    [InlineData(110)]
    [InlineData(430)]
    public async Task Our_Comment_Behind_Hundreds_Of_Others_Is_Found_By_Its_Id_And_Replaced(int others)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("Something", "It may be something.", "site-monitor");
        RunRecord first = await app.RunAsync(issue);
        string label = Assert.Single(first.LabelsAdded!);
        app.GitHub.Perform(new UserAction { Do = UserActionKind.Comment, Number = issue.Number, Text = "me too", Times = others });
        app.Person(UserActionKind.RemoveLabel, issue, label);
        app.Person(UserActionKind.AppendToBody, issue, text: " Or not.");

        RunRecord second = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Waiting, second.Outcome);
        Assert.Equal(first.CommentNodeId, second.CommentNodeId);
        Assert.Equal(1, app.View(issue).Comments.Count(c => c.Body.Contains("<!-- sitemonitor:comment", StringComparison.Ordinal)));
        Assert.InRange(second.Usage.GitHubExtra, 0, 2);
    }

    private static (int Right, int Of) Right(RunRecord record)
    {
        Proportion right = new RunStatistics([record]).ValidTransitions;
        return (right.Count, right.Of);
    }
}
