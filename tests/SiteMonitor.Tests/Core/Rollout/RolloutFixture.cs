using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Incidents;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Core.Rollout;

/// <summary>A rollout with everything it needs in memory, and a clock to turn.</summary>
internal sealed class RolloutFixture : IDisposable
{
    private int _run;

    public RolloutFixture(string phase = "development", RolloutPlan? plan = null)
        : this(phase, plan ?? PlanParseResult.Default, new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero)), null)
    {
    }

    private RolloutFixture(string phase, RolloutPlan plan, FakeTimeProvider time, RolloutFixture? before)
    {
        (Plan, Time) = (plan, time);
        (Store, Ledger, Comparisons) = before is null ? (new(), new(), new()) : (before.Store, before.Ledger, before.Comparisons);
        FlagStore = before?.FlagStore ?? new MemoryFlagStore(Time);
        Flags = new FlagSource(FlagStore, new NoKeptFlags(), FlagPolling.EachUse, Time);
        States = new RolloutStateRepository(Store, Plan, phase, Time);
        Evidence = new EvidenceReader(Ledger, Comparisons, Plan, Time);
        Transitions = new TransitionRunner(States, FlagStore, Flags);
        Control = new RolloutControl(States, Flags, Evidence, Transitions);
        Guard = new GuardService(States, Flags, Evidence, Transitions);
        MetricsReader metrics = new(Ledger, Comparisons, States, Time);
        FollowUps = new ScheduledAnnouncements(States, Control, Comparisons, metrics, Time);
        Incidents = new IncidentControl(States);
        PostMortem = new PostMortem(States, Ledger, Time);
        Status = new RolloutStatusReader(States, Control, Flags, Ledger, metrics, new Announcer(States, [], Time), Time);
        if (before is null)
        {
            FlagStore.Set(Plan.Find(phase)!.Flags.Targets());
        }
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time { get; }

    public RolloutPlan Plan { get; }

    public MemoryRolloutStore Store { get; }

    public MemoryLedger Ledger { get; }

    public MemoryComparisons Comparisons { get; }

    public MemoryFlagStore FlagStore { get; }

    public FlagSource Flags { get; }

    public RolloutStateRepository States { get; }

    public EvidenceReader Evidence { get; }

    public TransitionRunner Transitions { get; }

    public RolloutControl Control { get; }

    public GuardService Guard { get; }

    public ScheduledAnnouncements FollowUps { get; }

    public IncidentControl Incidents { get; }

    public PostMortem PostMortem { get; }

    public RolloutStatusReader Status { get; }

    /// <summary>The same rollout after a restart with another plan.</summary>
    public RolloutFixture With(RolloutPlan plan) => new(plan.Phases[0].Name, plan, Time, this);

    public async Task<RolloutState> StateAsync() => (await States.ReadAsync(Cancel)).State;

    public async Task<IReadOnlyList<CriterionResult>> GateAsync() => await Control.GateAsync(await StateAsync(), Cancel);

    public async Task<string> FlagAsync(string name) => (await Flags.RefreshAsync(Cancel)).GetSetting(name).ToString();

    public static OperatorRequest By(string who, string reason = "", Func<OperatorRequest, OperatorRequest>? with = null)
    {
        var request = new OperatorRequest { Operator = who, Reason = reason };
        return with is null ? request : with(request);
    }

    public async Task ConfirmAllAsync()
    {
        RolloutState state = await StateAsync();
        foreach (Criterion criterion in Plan.Find(state.Phase)!.Gate.Where(c => c.Confirm is not null))
        {
            await Control.RunAsync("confirm", By("ada", "checked", r => r with { Criterion = criterion.Id }), Cancel);
        }
    }

    /// <summary>A finished run at the clock's time.</summary>
    public RunRecord Run(
        RunOutcome outcome = RunOutcome.Succeeded, string? issue = null, Logic route = Logic.Unified, double seconds = 5, Stage? failing = null, string reason = "", string? phase = null)
    {
        _run++;
        DateTimeOffset now = Time.GetUtcNow();
        Stage[] stages = [Stage.Analysis, Stage.Preparation];
        var record = new RunRecord
        {
            Kind = RunKind.Run,
            RunId = $"run-{_run:00000}",
            Issue = issue ?? $"octo/watch#{_run}",
            Trigger = "webhook",
            Outcome = outcome,
            ReasonCode = reason,
            Route = route,
            Phase = phase ?? States.GetNameAsync(Cancel).AsTask().GetAwaiter().GetResult(),
            DurationMs = (long)(seconds * 1000),
            Started = now,
            Ended = now,
            Stages = [.. stages.TakeWhile(s => failing is null || s <= failing).Select(s => new StageRecord(s, route, s == failing ? outcome : RunOutcome.Succeeded, (long)(seconds * 500)))],
        };
        Ledger.Records.Add(record);
        return record;
    }

    /// <summary>A run that failed at its first read, before the flags were asked.</summary>
    public RunRecord Unrouted(string code, string? issue = null)
    {
        RunRecord record = Run(RunOutcome.Failed, issue, reason: code) with { Route = null, Phase = string.Empty, Stages = [] };
        Ledger.Records[^1] = record;
        return record;
    }

    /// <summary>One minute passes, then the guard does its round.</summary>
    public async Task<GuardResult> MinuteAsync()
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        return await Guard.RunAsync(Cancel);
    }

    public void Dispose() => Flags.Dispose();

    private sealed class NoKeptFlags : ILastKnownFlags
    {
        public Task<FlagSnapshot?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<FlagSnapshot?>(null);

        public Task SaveAsync(FlagSnapshot snapshot, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
