using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Undo;

namespace SiteMonitor.Tests.Core.Undo;

/// <summary>What an undo takes back, by the ledger alone.</summary>
public sealed class IssueUndoTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    private static readonly StageRecord Analyzed = new(Stage.Analysis, Logic.Unified, RunOutcome.Succeeded, 1);
    private static readonly StageRecord Prepared = new(Stage.Preparation, Logic.Unified, RunOutcome.Succeeded, 1);
    private static readonly StageRecord LegacyPrepared = new(Stage.Preparation, Logic.Legacy, RunOutcome.Succeeded, 1);
    private static readonly StageRecord LegacyAnalyzed = new(Stage.Analysis, Logic.Legacy, RunOutcome.Succeeded, 1);

    [Fact]
    public void Labels_Of_One_Run_Are_Reversed()
    {
        IssueUndo undo = Evaluate([Ready(0)])!;

        Assert.Null(undo.Refused);
        Assert.Equal(["site-monitor"], undo.Added);
        Assert.Equal(["osint-researcher", "copilot-assigned"], undo.Removed);
        Assert.True(undo.IncludesPreparation);
        Assert.Equal(["IC_0"], undo.Comments);
    }

    [Fact]
    public void Of_The_Preparation_Of_A_Whole_Run_Only_The_Label_That_It_Sets_Goes()
    {
        IssueUndo undo = Evaluate([Ready(0)], stage: Stage.Preparation)!;

        Assert.Empty(undo.Added);
        Assert.Equal(["copilot-assigned"], undo.Removed);
        Assert.True(undo.KeepsAnalysis);
    }

    [Fact]
    public void What_A_Person_Answered_Between_Two_Runs_Stays()
    {
        RunRecord waiting = Run(0, RunOutcome.Waiting, ["needs-review"], [], Analyzed);
        RunRecord prepared = Run(1, RunOutcome.Succeeded, ["copilot-assigned"], ["site-monitor"], Prepared);

        IssueUndo undo = Evaluate([waiting, prepared])!;

        Assert.Equal(["site-monitor"], undo.Added);
        Assert.Equal(["needs-review", "copilot-assigned"], undo.Removed);
    }

    [Fact]
    public void A_Label_That_One_Run_Set_And_A_Later_One_Took_Off_Is_Nothing_To_Undo()
    {
        RunRecord waiting = Run(0, RunOutcome.Waiting, ["needs clarification"], [], Analyzed);
        RunRecord ready = Run(
            1, RunOutcome.Succeeded, ["osint-researcher", "copilot-assigned"], ["needs clarification", "site-monitor"], Analyzed, Prepared);

        IssueUndo undo = Evaluate([waiting, ready])!;

        Assert.Equal(["site-monitor"], undo.Added);
        Assert.Equal(["osint-researcher", "copilot-assigned"], undo.Removed);
    }

    [Fact]
    public void Runs_Before_The_Wanted_Time_Stay()
    {
        RunRecord before = Run(0, RunOutcome.Succeeded, ["osint-researcher"], ["site-monitor"], Analyzed);

        IssueUndo undo = Evaluate([before, Run(5, RunOutcome.Succeeded, ["copilot-assigned"], [], Prepared)], since: Start.AddMinutes(3))!;

        Assert.Empty(undo.Added);
        Assert.Equal(["copilot-assigned"], undo.Removed);
        Assert.Null(Evaluate([before], since: Start.AddMinutes(3)));
    }

    [Fact]
    public void The_Analysis_Goes_With_The_Preparation_That_Followed_It()
    {
        RunRecord analyzed = Run(0, RunOutcome.Succeeded, ["osint-researcher"], ["site-monitor"], Analyzed);
        RunRecord prepared = Run(1, RunOutcome.Succeeded, ["copilot-assigned"], [], Prepared);

        Assert.Equal(["osint-researcher", "copilot-assigned"], Evaluate([analyzed, prepared], stage: Stage.Analysis)!.Removed);
        Assert.Null(Evaluate([prepared], stage: Stage.Analysis));
    }

    [Fact]
    public void Legacy_Work_Alone_Is_No_Work_Of_Ours() =>
        Assert.Null(Evaluate([Run(0, RunOutcome.Succeeded, ["osint-researcher"], [], LegacyAnalyzed, LegacyPrepared)]));

    [Fact]
    public void Where_The_Legacy_Logic_Wrote_Too_The_Issue_Is_Left()
    {
        RunRecord legacy = Run(0, RunOutcome.Succeeded, [], [], LegacyPrepared);

        Assert.Equal(UndoCodes.LegacyWritten, Evaluate([legacy, Ready(5)], since: Start.AddMinutes(3))!.Refused!.Code);
        RunRecord later = legacy with { RunId = "later", Ended = Start.AddHours(1) };
        Assert.Equal(UndoCodes.LegacyWritten, Evaluate([Ready(0), later])!.Refused!.Code);
        Assert.Equal(
            UndoCodes.LegacyWritten,
            Evaluate([Run(0, RunOutcome.Succeeded, ["osint-researcher"], ["site-monitor"], Analyzed, LegacyPrepared)])!.Refused!.Code);
    }

    [Fact]
    public void A_Completed_Issue_Is_Left()
    {
        RunRecord completed = Run(1, RunOutcome.Succeeded, ["completed"], ["copilot-assigned"]) with { Kind = RunKind.Completion };

        Assert.Equal(SkipCodes.Completed, Evaluate([Ready(0), completed])!.Refused!.Code);
    }

    [Fact]
    public void A_Run_That_An_Older_Version_Recorded_Is_Left() =>
        Assert.Equal(
            UndoCodes.LabelsUnknown,
            Evaluate([Ready(0) with { LabelsBefore = null, LabelsAdded = null, LabelsRemoved = null }])!.Refused!.Code);

    [Fact]
    public void What_Was_Undone_Is_Not_Undone_Again()
    {
        Assert.Equal(UndoCodes.AlreadyUndone, Evaluate([Ready(0), Undone(1)])!.Refused!.Code);
        Assert.Null(Evaluate([Ready(0), Undone(1), Ready(2)])!.Refused);
    }

    [Fact]
    public void An_Undo_That_Failed_Does_Not_Count()
    {
        RunRecord failed = Undone(1) with { RunId = "undo:1" + IssueUndo.FailedSuffix, Outcome = RunOutcome.Failed };

        Assert.Null(Evaluate([Ready(0), Undone(1), failed])!.Refused);
        Assert.Equal(["osint-researcher", "copilot-assigned"], Evaluate([Ready(0), Undone(1), failed])!.Removed);
    }

    [Fact]
    public void After_The_Preparation_The_Analysis_Can_Be_Undone()
    {
        RunRecord preparation = Undone(1) with { RequestedStage = "preparation", LabelsAdded = [], LabelsRemoved = ["copilot-assigned"] };

        IssueUndo rest = Evaluate([Ready(0), preparation])!;

        Assert.Null(rest.Refused);
        Assert.Equal(["osint-researcher"], rest.Removed);
        Assert.Equal(UndoCodes.AlreadyUndone, Evaluate([Ready(0), preparation], stage: Stage.Preparation)!.Refused!.Code);
    }

    [Fact]
    public void Runs_That_Changed_Nothing_Do_Not_Count()
    {
        RunRecord skipped = Run(1, RunOutcome.Skipped, [], [], Analyzed);

        Assert.Null(Evaluate([skipped]));
        Assert.Equal("run-0", Evaluate([Ready(0), skipped])!.Last.RunId);
    }

    private static IssueUndo? Evaluate(RunRecord[] records, DateTimeOffset? since = null, Stage? stage = null) =>
        IssueUndo.Evaluate(records, since ?? Start.AddDays(-1), stage);

    private static RunRecord Ready(int minute) => Run(
        minute, RunOutcome.Succeeded, ["osint-researcher", "copilot-assigned"], ["site-monitor"], Analyzed, Prepared) with
    {
        CommentNodeId = $"IC_{minute}",
    };

    private static RunRecord Undone(int minute) => Run(
        minute, RunOutcome.Succeeded, ["site-monitor"], ["osint-researcher", "copilot-assigned"]) with
    {
        Kind = RunKind.Undo,
        RunId = $"undo:{minute}",
        RequestedStage = "all",
    };

    private static RunRecord Run(int minute, RunOutcome outcome, string[] added, string[] removed, params StageRecord[] stages) => new()
    {
        Kind = RunKind.Run,
        RunId = $"run-{minute}",
        Issue = "acme/site#12",
        Trigger = TriggerNames.Webhook,
        Stages = stages,
        Outcome = outcome,
        LabelsBefore = ["site-monitor"],
        LabelsAdded = added,
        LabelsRemoved = removed,
        Started = Start.AddMinutes(minute),
        Ended = Start.AddMinutes(minute).AddSeconds(5),
    };
}
