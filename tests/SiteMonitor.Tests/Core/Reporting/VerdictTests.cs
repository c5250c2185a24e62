using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Core.Reporting;

public sealed class VerdictTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly RolloutStatus Fine = new()
    {
        At = Now,
        Phase = "half",
        Title = "Half",
        Phases = ["parallel", "half", "full"],
        Since = Now.AddDays(-2),
        EvidenceFrom = Now.AddDays(-2),
        FlagsRevision = "1",
        Flags = [new FlagLine("UnifiedPipeline", "on", string.Empty)],
        Cohorts = new CohortCount(40, 41),
        Gate = [Measured(CriterionState.Met), Measured(CriterionState.Open)],
        Guard = GuardState.Empty,
        Incidents = [],
        Events = [],
        AnnouncementsWaiting = 0,
        ChannelsMissing = [],
        Next = "Wait",
    };

    private static readonly Incident Open = new() { Id = "INC-4", Title = "Slow", Phase = "half", Opened = Now, OpenedBy = "guard", LastAnnounced = Now };

    private static readonly RollbackState Mark = new(RollbackKind.Full, [], [], "guard", "errors", Now, "INC-4");

    [Fact]
    public void With_Enough_Runs_And_Nothing_Wrong_It_Is_Healthy() =>
        Assert.Equal((Verdict.Healthy, string.Empty), (Fine.Verdict.Word, Fine.Verdict.Action));

    [Fact]
    public void With_Few_Runs_It_Is_Watching_And_Says_How_Many()
    {
        Verdict verdict = (Fine with { Cohorts = new CohortCount(3, 0), Gate = [Measured(CriterionState.Open, sample: 4)] }).Verdict;

        Assert.Equal(Verdict.Watching, verdict.Word);
        Assert.Contains("only 4 runs", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_The_Rollout_A_Missed_Target_Is_Watched_And_Named()
    {
        using RolloutFixture rollout = new("steady");
        for (int i = 0; i < 40; i++)
        {
            rollout.Run(i % 8 == 0 ? RunOutcome.Failed : RunOutcome.Succeeded, issue: $"o/r#{i}");
        }

        Verdict verdict = (await rollout.Status.ReadAsync(RolloutFixture.Cancel)).Verdict with { Next = string.Empty };

        Assert.Equal((Verdict.Watching, "success-rate"), (verdict.Word, verdict.Target));
        Assert.Contains("Success rate is 87.5 %", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("Also missed: Error rate", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_The_Last_Phase_Its_Gate_Judges_And_No_Target_Is_Read()
    {
        using RolloutFixture rollout = new("half");
        rollout.Run(RunOutcome.Failed);

        Assert.Empty((await rollout.Status.ReadAsync(RolloutFixture.Cancel)).MissedTargets);
    }

    [Fact]
    public void A_Met_Gate_Is_Healthy_And_Asks_To_Advance() =>
        Assert.Equal((Verdict.Healthy, "advance"), Of(Fine with { Gate = [Measured(CriterionState.Met)] }));

    [Fact]
    public void An_Open_Confirmation_Is_The_Next_Action()
    {
        var criterion = new CriterionResult("no-complaints", "No complaints", CriterionState.Open, "open", CriterionResult.ConfirmedTarget, string.Empty, 0);

        Verdict verdict = (Fine with { Gate = [Measured(CriterionState.Met), criterion] }).Verdict;

        Assert.Equal(("confirm", "no-complaints"), (verdict.Action, verdict.Target));
    }

    [Fact]
    public void While_Data_Is_Missing_The_Next_Step_Brings_It_And_Nothing_Is_Confirmed_Yet()
    {
        var criterion = new CriterionResult("guidance", "Guidance read", CriterionState.Open, "open", CriterionResult.ConfirmedTarget, string.Empty, 0);

        Verdict verdict = (Fine with { Gate = [Measured(CriterionState.Open), criterion], Next = "rollout beta-issues opens them" }).Verdict;

        Assert.Equal((string.Empty, "rollout beta-issues opens them"), (verdict.Action, verdict.Next));
    }

    [Fact]
    public void An_Unmet_Criterion_Blocks() => Assert.Equal(Verdict.Blocked, Of(Fine with { Gate = [Measured(CriterionState.Unmet)] }).Word);

    [Fact]
    public void Drift_Blocks_And_Offers_To_Set_The_Flags() =>
        Assert.Equal((Verdict.Blocked, "overwrite-drift"), Of(Fine with { Flags = [new FlagLine("UnifiedPipeline", "off", "on")] }));

    [Fact]
    public void An_Open_Incident_Blocks_Until_It_Is_Resolved()
    {
        Assert.Equal((Verdict.Blocked, "acknowledge"), Of(Fine with { Incidents = [Open] }));
        Assert.Equal((Verdict.Blocked, "resolve"), Of(Fine with { Incidents = [Open with { Acknowledged = Now }] }));
    }

    [Fact]
    public void A_Rollback_Comes_Before_Its_Incident_And_Asks_For_The_Acknowledgement_First()
    {
        Assert.Equal((Verdict.RolledBack, "acknowledge"), Of(Fine with { RolledBack = Mark, Incidents = [Open] }));
        Assert.Equal((Verdict.RolledBack, "resume"), Of(Fine with { RolledBack = Mark, Incidents = [Open with { Acknowledged = Now }] }));
    }

    [Fact]
    public void A_Freeze_Is_Lifted_By_Unfreeze() =>
        Assert.Equal((Verdict.Frozen, "unfreeze"), Of(Fine with { Frozen = new FreezeState("tom", "weekend", Now) }));

    [Fact]
    public void A_Guard_That_Does_Not_Watch_Comes_Before_Everything() =>
        Assert.Equal(Verdict.Down, Of(Fine with { GuardProblem = "The guard has not finished a round yet: nothing rolls back by itself.", RolledBack = Mark }).Word);

    private static (string Word, string Action) Of(RolloutStatus status) => (status.Verdict.Word, status.Verdict.Action);

    private static CriterionResult Measured(CriterionState state, int sample = 30) => new("errors", "Error rate", state, "0.4 %", "< 1 %", string.Empty, sample);
}
