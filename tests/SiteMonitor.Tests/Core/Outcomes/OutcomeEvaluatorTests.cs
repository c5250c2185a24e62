using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Outcomes;

namespace SiteMonitor.Tests.Core.Outcomes;

/// <summary>What an event says of the runs before it.</summary>
public sealed class OutcomeEvaluatorTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    private static readonly RunRecord Assigned = new()
    {
        Kind = RunKind.Run,
        RunId = "run",
        Issue = "acme/site#12",
        Trigger = TriggerNames.Webhook,
        Route = Logic.Unified,
        Stages = [new StageRecord(Stage.Analysis, Logic.Unified, RunOutcome.Succeeded, 1)],
        Outcome = RunOutcome.Succeeded,
        Specialists = ["osint-researcher"],
        LabelsAfter = ["osint-researcher", "copilot-assigned", "bug"],
        Started = Start,
        Ended = Start.AddSeconds(5),
    };

    [Fact]
    public void Another_Specialist_Is_A_Change_Of_The_Choice_And_An_Intervention()
    {
        Assert.Equal(
            [OutcomeCodes.SpecialistChanged, OutcomeCodes.ManualIntervention],
            Codes(Labels("target-profiler", "target-profiler", "osint-researcher", "copilot-assigned", "bug")));
        Assert.Equal(
            ["target-profiler"],
            Evaluate(Removed("osint-researcher", "target-profiler", "copilot-assigned", "bug"))[0].Specialists);
    }

    [Fact]
    public void Another_Workflow_Label_Is_An_Intervention_Only() => Assert.Equal(
        [OutcomeCodes.ManualIntervention],
        Codes(Removed("copilot-assigned", "osint-researcher", "bug")));

    [Fact]
    public void A_Late_Delivery_Of_Our_Own_Write_Says_Nothing()
    {
        Assert.Empty(Codes(Labels("osint-researcher", "site-monitor", "analyzing", "osint-researcher")));
        Assert.Empty(Codes(Removed("site-monitor", "osint-researcher", "processing")));
        Assert.Empty(Codes(Labels("copilot-assigned", "osint-researcher", "processing", "copilot-assigned")));
    }

    [Fact]
    public void A_Change_That_Is_Recorded_Is_Not_Recorded_Again()
    {
        RunRecord changed = Assigned with
        {
            Kind = RunKind.Outcome,
            ReasonCode = OutcomeCodes.SpecialistChanged,
            Specialists = ["target-profiler"],
            Started = Start.AddMinutes(1),
            Ended = Start.AddMinutes(1),
        };

        Assert.Equal([OutcomeCodes.ManualIntervention], Codes(Labels("completed", "target-profiler", "completed"), Assigned, changed));
        Assert.Equal([OutcomeCodes.SpecialistChanged], Codes(Labels("osint-researcher", "osint-researcher", "target-profiler"), Assigned, changed));
    }

    [Fact]
    public void The_Answer_To_A_Waiting_Issue_Is_No_Intervention()
    {
        RunRecord waiting = Assigned with
        {
            Outcome = RunOutcome.Waiting,
            Specialists = [],
            LabelsAfter = ["site-monitor", "needs-review"],
        };

        Assert.Empty(Codes(Labels("osint-researcher", "site-monitor", "needs-review", "osint-researcher"), waiting));
    }

    [Fact]
    public void Taking_Copilot_Off_Is_An_Intervention() =>
        Assert.Equal([OutcomeCodes.ManualIntervention], Codes(new IssueEvent { Kind = IssueEventKind.CopilotUnassigned }));

    [Theory]
    [InlineData(IssueEventKind.PullRequestMerged, OutcomeCodes.PullRequestMerged)]
    [InlineData(IssueEventKind.PullRequestClosed, OutcomeCodes.PullRequestClosed)]
    [InlineData(IssueEventKind.Reopened, OutcomeCodes.IssueReopened)]
    public void What_Becomes_Of_The_Work_Is_Recorded_Where_There_Was_Some(IssueEventKind kind, string code)
    {
        Assert.Equal([code], Codes(new IssueEvent { Kind = kind }));
        Assert.Empty(Codes(new IssueEvent { Kind = kind }, records: []));
    }

    [Fact]
    public void After_An_Undo_Only_A_Change_That_Is_Not_Its_Own_Counts()
    {
        RunRecord undo = Assigned with
        {
            Kind = RunKind.Undo,
            RunId = "undo",
            LabelsAdded = ["site-monitor"],
            LabelsRemoved = ["osint-researcher", "copilot-assigned"],
            Ended = Start.AddHours(1),
        };

        Assert.Empty(Codes(Labels("site-monitor", "site-monitor", "bug"), Assigned, undo));
        Assert.Empty(Codes(Removed("osint-researcher", "site-monitor", "bug"), Assigned, undo));
        Assert.Empty(Codes(new IssueEvent { Kind = IssueEventKind.CopilotUnassigned }, Assigned, undo));
        Assert.Equal(
            [OutcomeCodes.LabelsChanged], Codes(Removed("site-monitor", "bug"), Assigned, undo));
    }

    private static IssueEvent Labels(string label, params string[] labels) =>
        new() { Kind = IssueEventKind.LabelAdded, Label = label, Labels = labels };

    private static IssueEvent Removed(string label, params string[] labels) =>
        new() { Kind = IssueEventKind.LabelRemoved, Label = label, Labels = labels };

    private static IEnumerable<string> Codes(IssueEvent issueEvent, params RunRecord[] records) =>
        Evaluate(issueEvent, records).Select(o => o.Code);

    private static IEnumerable<string> Codes(IssueEvent issueEvent) => Evaluate(issueEvent, Assigned).Select(o => o.Code);

    private static IReadOnlyList<ObservedOutcome> Evaluate(IssueEvent issueEvent, params RunRecord[] records) =>
        OutcomeEvaluator.Evaluate(issueEvent, records, Domain.Catalogue);

    private static IReadOnlyList<ObservedOutcome> Evaluate(IssueEvent issueEvent) => Evaluate(issueEvent, Assigned);
}
