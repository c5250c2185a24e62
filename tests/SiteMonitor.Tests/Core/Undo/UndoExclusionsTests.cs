using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Undo;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Core.Undo;

public sealed class UndoExclusionsTests
{
    private static readonly IssueRef Issue = IssueRef.Parse("acme/site#12");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("undo:1", false)]
    [InlineData("undo:2", true)]
    public async Task A_Failure_Lifts_Only_The_Undo_That_Failed(string failedId, bool isLeftAlone)
    {
        using RolloutFixture rollout = new();
        DateTimeOffset now = rollout.Time.GetUtcNow();
        await rollout.States.UpdateUntilSavedAsync(edit => edit.State = edit.State with { UndoneSince = now }, Stop);
        RunRecord undo = Undo("undo:1", RunOutcome.Succeeded, now.AddMinutes(1));
        await rollout.Ledger.AppendAsync(undo, Stop);
        await rollout.Ledger.AppendAsync(Undo(failedId + IssueUndo.FailedSuffix, RunOutcome.Failed, now.AddMinutes(2)), Stop);

        Refusal? reason = await new UndoExclusions(rollout.Ledger, rollout.States).FindReasonAsync(Issue, ["site-monitor"], Stop);

        Assert.Equal(isLeftAlone, reason is not null);
    }

    private static RunRecord Undo(string id, RunOutcome outcome, DateTimeOffset at) => new()
    {
        Kind = RunKind.Undo,
        RunId = id,
        Issue = Issue.Canonical,
        Trigger = TriggerNames.Manual,
        Outcome = outcome,
        LabelsAfter = ["site-monitor"],
        Started = at,
        Ended = at,
    };
}
