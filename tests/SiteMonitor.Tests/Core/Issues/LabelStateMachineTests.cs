using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Core.Issues;

public sealed class LabelStateMachineTests
{
    private const string Analyst = "intelligence-analyst";
    private const string Osint = "osint-researcher";

    /// <summary>Labels the sets are made of: all of the workflow, two specialists, a known one without entry, two of a person's own.</summary>
    private static readonly string[] Pool =
    [
        "site-monitor", "analyzing", "processing", "copilot-assigned", "completed", "needs-review", "needs clarification", "feature", "urgent", Analyst, Osint, "threat-hunter", "bug", "beta-test",
    ];

    [Theory]
    [InlineData("", IssueState.Unmanaged)]
    [InlineData("bug,urgent", IssueState.Unmanaged)]
    [InlineData("site-monitor", IssueState.Discovered)]
    [InlineData("Site-Monitor,urgent", IssueState.Discovered)]
    [InlineData("site-monitor,analyzing", IssueState.Analyzing)]
    [InlineData("site-monitor,needs-review", IssueState.Waiting)]
    [InlineData("site-monitor,needs clarification", IssueState.Waiting)]
    [InlineData("osint-researcher", IssueState.Assigned)]
    [InlineData("site-monitor,osint-researcher", IssueState.Assigned)]
    [InlineData("threat-hunter", IssueState.Assigned)]
    [InlineData("site-monitor,threat-hunter", IssueState.Discovered)]
    [InlineData("site-monitor,threat-hunter,needs-review", IssueState.Waiting)]
    [InlineData("site-monitor,threat-hunter,analyzing", IssueState.Analyzing)]
    [InlineData("osint-researcher,processing", IssueState.Preparing)]
    [InlineData("osint-researcher,copilot-assigned", IssueState.Ready)]
    [InlineData("completed", IssueState.Completed)]
    public void Read_OfLegalLabels_IsTheirState(string labels, IssueState expected)
    {
        WorkflowState reading = LabelStateMachine.ReadState(Split(labels), Domain.Catalogue);

        Assert.Equal(expected, reading.State);
        Assert.True(reading.IsLegal, reading.Problem);
        Assert.Equal(expected is not (IssueState.Analyzing or IssueState.Preparing), reading.IsSettled);
    }

    [Theory]
    [InlineData("analyzing", IssueState.Unmanaged)]
    [InlineData("site-monitor,analyzing,processing", IssueState.Discovered)]
    [InlineData("site-monitor,processing", IssueState.Discovered)]
    [InlineData("osint-researcher,analyzing", IssueState.Assigned)]
    [InlineData("site-monitor,osint-researcher,analyzing,processing", IssueState.Assigned)]
    [InlineData("osint-researcher,processing,copilot-assigned", IssueState.Ready)]
    [InlineData("copilot-assigned", IssueState.Ready)]
    [InlineData("osint-researcher,copilot-assigned,site-monitor", IssueState.Ready)]
    [InlineData("completed,osint-researcher", IssueState.Completed)]
    public void Read_OfLabelsThatMakeNoRow_IsInterruptedAndKnowsTheRestingState(string labels, IssueState resting)
    {
        WorkflowState reading = LabelStateMachine.ReadState(Split(labels), Domain.Catalogue);

        Assert.Equal(IssueState.Interrupted, reading.State);
        Assert.Equal(resting, reading.SettledState);
        Assert.False(reading.IsSettled);
        Assert.NotEmpty(reading.Problem!);
    }

    [Theory]
    [InlineData("site-monitor,feature", "feature")]
    [InlineData("osint-researcher,feature", "feature")]
    [InlineData("site-monitor,needs-review", "needs-review")]
    [InlineData("osint-researcher,needs-review", "needs-review")]
    [InlineData("osint-researcher,Needs Clarification", "needs clarification")]
    [InlineData("site-monitor,threat-hunter,needs-review", "needs-review")]
    [InlineData("site-monitor,osint-researcher,needs-review", null)]
    [InlineData("site-monitor,osint-researcher,needs-review,feature", "feature")]
    [InlineData("site-monitor", null)]
    public void A_Holding_Label_Holds_Unless_A_Specialist_Answers_A_Waiting_Issue(string labels, string? heldBy) =>
        Assert.Equal(heldBy, LabelStateMachine.ReadState(Split(labels), Domain.Catalogue).HoldingLabel);

    [Theory]
    [InlineData("site-monitor", Transition.StartAnalysis, "analyzing", "")]
    [InlineData("site-monitor,analyzing", Transition.StartAnalysis, "", "")]
    [InlineData("site-monitor,processing", Transition.StartAnalysis, "analyzing", "processing")]
    [InlineData("site-monitor,analyzing", Transition.Assign, "osint-researcher", "analyzing,site-monitor")]
    [InlineData("Site-Monitor,Analyzing,bug", Transition.Assign, "osint-researcher", "Analyzing,Site-Monitor")]
    [InlineData("site-monitor,analyzing", Transition.Prepare, "osint-researcher,processing", "analyzing,site-monitor")]
    [InlineData("osint-researcher,processing", Transition.Prepare, "", "")]
    [InlineData("site-monitor,osint-researcher,needs-review,processing", Transition.Prepare, "", "needs-review,site-monitor")]
    [InlineData("osint-researcher,copilot-assigned", Transition.Prepare, "", "")]
    [InlineData("site-monitor,analyzing", Transition.AwaitReview, "needs-review", "analyzing")]
    [InlineData("site-monitor,needs-review", Transition.AwaitReview, "", "")]
    [InlineData("site-monitor,analyzing", Transition.AwaitClarification, "needs clarification", "analyzing")]
    [InlineData("osint-researcher,processing", Transition.Finish, "copilot-assigned", "processing")]
    [InlineData("osint-researcher,copilot-assigned", Transition.Finish, "", "")]
    [InlineData("osint-researcher,copilot-assigned,bug", Transition.Complete, "completed", "copilot-assigned,osint-researcher")]
    [InlineData("threat-hunter,urgent", Transition.Complete, "completed", "threat-hunter")]
    [InlineData("site-monitor,threat-hunter", Transition.StartAnalysis, "analyzing", "")]
    [InlineData("site-monitor,threat-hunter,analyzing", Transition.Prepare, "osint-researcher,processing", "analyzing,site-monitor")]
    [InlineData("completed", Transition.Complete, "", "")]
    public void Apply_OfALegalTransition_AddsWhatIsMissingAndRemovesWhatIsThere(string labels, Transition transition, string added, string removed)
    {
        LabelChange change = LabelStateMachine.Apply(new IssueFacts(Split(labels)), transition, Domain.Catalogue, [Osint]);

        Assert.Null(change.Refused);
        Assert.Equal(Split(added).Order(), change.Add.Order());
        Assert.Equal(Split(removed).Order(), change.Remove.Order());
    }

    [Theory]
    [InlineData("", Transition.StartAnalysis, "not-discovered")]
    [InlineData("osint-researcher", Transition.StartAnalysis, "not-discovered")]
    [InlineData("site-monitor,feature", Transition.StartAnalysis, "held-by-feature")]
    [InlineData("analyzing", Transition.Assign, "withdrawn")]
    [InlineData("site-monitor,analyzing,needs-review", Transition.Assign, "held-by-needs-review")]
    [InlineData("site-monitor,analyzing,feature", Transition.Prepare, "held-by-feature")]
    [InlineData("intelligence-analyst,processing", Transition.Prepare, "withdrawn")]
    [InlineData("analyzing", Transition.AwaitReview, "withdrawn")]
    [InlineData("site-monitor,analyzing,intelligence-analyst", Transition.AwaitReview, "assigned-meanwhile")]
    [InlineData("site-monitor,analyzing,feature", Transition.AwaitReview, "held-by-feature")]
    [InlineData("processing", Transition.Finish, "not-assigned")]
    [InlineData("completed", Transition.StartAnalysis, "already-completed")]
    [InlineData("site-monitor", Transition.Complete, "nothing-to-complete")]
    [InlineData("site-monitor,threat-hunter", Transition.Complete, "nothing-to-complete")]
    [InlineData("site-monitor,needs-review", Transition.Complete, "nothing-to-complete")]
    public void Apply_OfATransitionTheTableDoesNotAllow_IsRefusedWithTheReason(string labels, Transition transition, string code)
    {
        LabelChange change = LabelStateMachine.Apply(new IssueFacts(Split(labels)), transition, Domain.Catalogue, [Osint]);

        Assert.Equal(code, change.Refused?.Code);
        Assert.NotEmpty(change.Refused!.Reason);
        Assert.True(change.IsEmpty);
    }

    [Fact]
    public void A_Closed_Issue_And_A_Pull_Request_Are_Only_Completed_Or_Restored()
    {
        IssueFacts closed = new(["osint-researcher", "processing"], IsOpen: false);
        IssueFacts pull = new(["osint-researcher"], IsPullRequest: true);

        Assert.Equal("issue-closed", LabelStateMachine.Apply(closed, Transition.Finish, Domain.Catalogue).Refused?.Code);
        Assert.Equal("is-pull-request", LabelStateMachine.Apply(pull, Transition.Prepare, Domain.Catalogue).Refused?.Code);
        Assert.Equal(["completed"], LabelStateMachine.Apply(closed, Transition.Complete, Domain.Catalogue).Add);
        Assert.Equal(["processing"], LabelStateMachine.Apply(closed, Transition.Restore, Domain.Catalogue).Remove);
    }

    [Theory]
    [InlineData(Transition.StartAnalysis)]
    [InlineData(Transition.Assign)]
    [InlineData(Transition.Prepare)]
    [InlineData(Transition.AwaitReview)]
    [InlineData(Transition.AwaitClarification)]
    [InlineData(Transition.Finish)]
    [InlineData(Transition.Complete)]
    [InlineData(Transition.Restore)]
    public void From_Every_Set_Of_Labels_A_Transition_Is_Idempotent_Keeps_To_Our_Labels_And_Leads_From_A_Row_To_A_Row(Transition transition)
    {
        for (int bits = 0; bits < 1 << Pool.Length; bits++)
        {
            string[] before = [.. Pool.Where((_, i) => (bits >> i & 1) == 1)];
            LabelChange change = LabelStateMachine.Apply(new IssueFacts(before), transition, Domain.Catalogue, [Osint]);
            if (change.Refused is not null)
            {
                Assert.True(change.IsEmpty);
                continue;
            }

            string[] after = [.. before.Concat(change.Add).Except(change.Remove)];
            LabelChange again = LabelStateMachine.Apply(new IssueFacts(after), transition, Domain.Catalogue, [Osint]);
            Assert.True(again is { IsEmpty: true, Refused: null }, $"twice: {string.Join(",", before)}");
            Assert.DoesNotContain(change.Add.Concat(change.Remove), label => label is "bug" or "beta-test" or "urgent" or "feature");
            Assert.True(!LabelStateMachine.ReadState(before, Domain.Catalogue).IsLegal || LabelStateMachine.ReadState(after, Domain.Catalogue).IsLegal, $"legal: {string.Join(",", before)}");
            Assert.True(transition != Transition.Restore || !after.Intersect(WorkflowLabels.ShortLived).Any());
        }
    }

    [Theory]
    [InlineData(Transition.Assign)]
    [InlineData(Transition.Prepare)]
    [InlineData(Transition.AwaitReview)]
    [InlineData(Transition.AwaitClarification)]
    public void A_Write_That_Broke_Off_In_The_Middle_Is_Restored_To_A_Row_Of_The_Table(Transition transition)
    {
        string[] claimed = ["site-monitor", "analyzing", "bug"];
        LabelChange change = LabelStateMachine.Apply(new IssueFacts(claimed), transition, Domain.Catalogue, [Osint]);
        string[] onlyAdded = [.. claimed, .. change.Add];
        string[] nothing = claimed;
        foreach (string[] left in (string[][])[nothing, onlyAdded])
        {
            IssueChange restored = Restoration.Plan(new IssueFacts(left), Domain.Catalogue, [Osint]);
            WorkflowState reading = LabelStateMachine.ReadState([.. left.Except(restored.RemoveLabels)], Domain.Catalogue);

            Assert.True(reading.IsSettled, reading.Problem);
            Assert.Empty(restored.AddLabels);
        }
    }

    [Fact]
    public void Restoration_Leaves_The_Specialist_A_Person_Set_And_The_Leftover_Of_The_Old_Commands()
    {
        IssueChange restored = Restoration.Plan(new IssueFacts(["site-monitor", "osint-researcher", "processing"]), Domain.Catalogue, []);

        Assert.Equal(["processing"], restored.RemoveLabels);
    }

    private static string[] Split(string labels) => labels.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
