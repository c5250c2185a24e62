using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Control;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What people change on an issue in progress is counted, within a run and between two; their answers are not.</summary>
public sealed class InterventionTests
{
    [Theory]
    [InlineData("updateIssue")]
    [InlineData("within:addLabelsToLabelable")]
    [InlineData("within:removeLabelsFromLabelable")]
    [InlineData("addComment")]
    public async Task A_Specialist_Label_Added_Between_Our_Read_And_Our_Write_Counts(string write)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.Person(UserActionKind.AddLabel, issue, "osint-researcher", before: write);

        RunRecord record = await app.RunAsync(issue);

        Assert.True(record.ManualIntervention);
        Assert.Contains("osint-researcher", app.View(issue).Labels);
        Assert.DoesNotContain("osint-researcher", record.LabelsAdded!);
    }

    [Fact]
    public async Task A_Label_Added_Just_Before_The_Write_That_Ends_An_Unsure_Analysis_Counts()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("Something", "It may be something.", "site-monitor");
        app.Person(UserActionKind.AddLabel, issue, "target-profiler", before: "addComment");

        RunRecord record = await app.RunAsync(issue);

        Assert.True(record.ManualIntervention);
        Assert.Contains("target-profiler", app.View(issue).Labels);
    }

    [Fact]
    public async Task Copilot_Unassigned_Before_Our_Last_Write_Counts()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.Person(UserActionKind.Unassign, issue, "Copilot", before: "addComment");

        RunRecord record = await app.RunAsync(issue);

        Assert.True(record.ManualIntervention);
    }

    [Theory]
    [InlineData(UserActionKind.RemoveLabel, "copilot-assigned")]
    [InlineData(UserActionKind.RemoveLabel, "intelligence-analyst")]
    [InlineData(UserActionKind.AddLabel, "target-profiler")]
    [InlineData(UserActionKind.AddLabel, "site-monitor")]
    [InlineData(UserActionKind.Unassign, "Copilot")]
    public async Task A_Change_Between_Two_Runs_Counts_Once(UserActionKind action, string value)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        app.Person(action, issue, value);

        await app.RunAsync(issue);
        await app.RunAsync(issue);

        RunRecord found = Assert.Single(app.RecordsOf(issue), r => r.Kind == RunKind.Outcome);
        Assert.Equal((OutcomeCodes.ManualIntervention, "full"), (found.ReasonCode, found.Phase));
        Assert.Equal(1, new RunStatistics(app.RecordsOf(issue)).ManualInterventions);
    }

    [Theory]
    [InlineData(UserActionKind.AddLabel, "P1")]
    [InlineData(UserActionKind.AddLabel, "urgent")]
    [InlineData(UserActionKind.Assign, "mona-lisa")]
    public async Task Peoples_Own_Labels_And_Assignees_Do_Not_Count(UserActionKind action, string value)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        app.Person(action, issue, value);

        await app.RunAsync(issue);

        Assert.Equal(0, new RunStatistics(app.RecordsOf(issue)).ManualInterventions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("osint-researcher")]
    public async Task The_Answer_To_A_Waiting_Issue_Does_Not_Count(string specialist)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("Something", "It may be something.", "site-monitor");
        RunRecord waiting = await app.RunAsync(issue);
        app.Person(UserActionKind.RemoveLabel, issue, Assert.Single(waiting.LabelsAdded!));
        if (specialist.Length > 0)
        {
            app.Person(UserActionKind.AddLabel, issue, specialist);
        }

        await app.RunAsync(issue);

        Assert.Equal(0, new RunStatistics(app.RecordsOf(issue)).ManualInterventions);
    }

    [Fact]
    public async Task What_The_Legacy_Logic_Leaves_Is_A_Persons_To_Finish()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline");
        IssueRef issue = app.OpenForBoth();
        await app.RunAsync(issue);
        app.Person(UserActionKind.AddLabel, issue, "copilot-assigned");

        await app.RunAsync(issue);

        Assert.Equal(0, new RunStatistics(app.RecordsOf(issue)).ManualInterventions);
    }
}
