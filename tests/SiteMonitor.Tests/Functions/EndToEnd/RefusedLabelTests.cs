using System.Globalization;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>GitHub refuses to add a label, although it does the rest of the write: the issue stays in the workflow.</summary>
public sealed class RefusedLabelTests
{
    /// <summary>Labels of an issue that the analysis is sure of, is not sure of, or that is assigned already.</summary>
    public static MatrixTheoryData<int, string> NearTheLimit => new([96, 97, 98, 99, 100], ["clear", "unsure", "assigned"]);

    [Theory]
    [MemberData(nameof(NearTheLimit))]
    public async Task An_Issue_Near_The_Limit_Of_Labels_Is_Processed_Or_Says_So(int count, string kind)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        string[] others = [.. Enumerable.Range(1, count - 1).Select(i => $"team-{i.ToString(CultureInfo.InvariantCulture)}")];
        IssueRef issue = kind switch
        {
            "clear" => app.OpenClear(others),
            "unsure" => app.Open("Something", "It may be something.", ["site-monitor", .. others]),
            _ => app.Open("New ransomware campaign", "A threat actor runs a campaign.", ["intelligence-analyst", .. others]),
        };

        RunRecord record = await app.RunAsync(issue);

        string[] labels = [.. app.View(issue).Labels.Except(others)];
        Assert.DoesNotContain(labels, label => label is "analyzing" or "processing");
        Assert.Contains(labels, label => label is "site-monitor" or "intelligence-analyst");
        if (record.Outcome != RunOutcome.Succeeded && record.ReasonCode != WaitCodes.ScoreLow)
        {
            Assert.Equal((RunOutcome.Waiting, WaitCodes.LabelLimit), (record.Outcome, record.ReasonCode));
            Assert.Contains("100 labels", record.Reason, StringComparison.Ordinal);
        }

        Assert.False(record.ManualIntervention, "Nobody but us touched the labels.");
    }

    [Theory]
    [InlineData(FaultEffect.FieldError, 1, RunOutcome.Succeeded)]
    [InlineData(FaultEffect.FieldError, 2, RunOutcome.Succeeded)]
    [InlineData(FaultEffect.FieldError, 4, RunOutcome.Succeeded)]
    [InlineData(FaultEffect.FieldForbidden, 1, RunOutcome.Waiting)]
    [InlineData(FaultEffect.FieldUnprocessable, 1, RunOutcome.Failed)]
    public async Task A_Specialists_Label_That_Is_Refused_While_Site_Monitor_Is_Removed_Does_Not_Lose_The_Issue(
        FaultEffect effect, int times, RunOutcome outcome)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "addLabelsToLabelable", Effect = effect, Skip = 1, Times = times });

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(outcome, record.Outcome);
        Assert.False(record.ManualIntervention, "Nobody but us touched the labels.");
        Assert.Equal(
            outcome == RunOutcome.Succeeded ? ["copilot-assigned", "intelligence-analyst"] : ["site-monitor"],
            app.View(issue).Labels.Order());
        Assert.Equal(outcome == RunOutcome.Succeeded, app.View(issue).Assignees.Contains("Copilot"));
    }

    [Fact]
    public async Task An_Assignment_By_The_Analysis_Alone_That_Is_Refused_Does_Not_Lose_The_Issue_Either()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "addLabelsToLabelable", Effect = FaultEffect.FieldError, Skip = 1, Times = 1 });

        RunRecord record = await app.RunAsync(issue, "analysis");

        Assert.Equal(RunOutcome.Succeeded, record.Outcome);
        Assert.Equal(["intelligence-analyst"], app.View(issue).Labels);
    }
}
