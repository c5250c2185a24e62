using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Triggers.Batches;

/// <summary>Starts runs again that a limit of the plan deferred, once the limits admit them.</summary>
/// <remarks>
/// The ledger says which issues are deferred, so nothing has to wait in memory or in an orchestration, and waiting costs no request.
/// The run that is started judges flags, limits and the issue's state anew.
/// </remarks>
public sealed partial class DeferredIssues(
    IRunLedger ledger,
    UsageLimiter limiter,
    RolloutPlan plan,
    HandledIssues handled,
    BacklogIntake intake,
    IRoutePolicy policy,
    RepositoryScope scope,
    IOptions<PipelineOptions> options,
    TimeProvider time,
    ILogger<DeferredIssues> logger)
{
    /// <summary>How far back the ledger is searched for deferred issues.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(30);

    [Function(nameof(DeferredIssues))]
    public async Task RunAsync(
        [TimerTrigger("0 */5 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        IReadOnlyList<RunRecord> deferred = await FindDeferredAsync(cancellationToken);
        if (deferred.Count == 0)
        {
            return;
        }

        IntakeAllowance allowance = await intake.ReadAsync(client, await handled.ReadLastRunsAsync(cancellationToken), cancellationToken);
        IEnumerable<RunRecord> sorted = FairOrder.Sort(deferred, IsUrgent, r => r.AuthorKey, r => r.Started);
        IReadOnlyList<RunRecord> fitting = await limiter.SelectAdmissibleAsync(plan.Limits, sorted, cancellationToken);

        // Only what fits the limits takes a place of the intake.
        IEnumerable<RunRecord> wanted = fitting.Where(r => !r.FromBacklog || allowance.TryTake(ToBacklogCandidate(r)));
        int started = 0;
        foreach (RunRecord record in wanted.Take(options.Value.TimerBatchSize))
        {
            started += await StartAsync(client, record, cancellationToken) ? 1 : 0;
        }

        Log.Started(logger, started, deferred.Count, timer.IsPastDue);
    }

    /// <summary>Returns the last run of each deferred issue whose trigger may still start runs.</summary>
    private async Task<IReadOnlyList<RunRecord>> FindDeferredAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, IRunFacts> last = [];
        foreach (IRunFacts facts in await ledger.ReadFactsAsync(new LedgerQuery(From: time.GetUtcNow() - Window), cancellationToken))
        {
            if (facts.Kind is RunKind.Run or RunKind.Completion or RunKind.Undo)
            {
                last[facts.Issue] = facts;
            }
        }

        // Whole records are read only of what is deferred.
        List<RunRecord> deferred = [];
        foreach (IRunFacts facts in last.Values.Where(IsDeferred))
        {
            LedgerQuery one = new(From: facts.Started, Issue: facts.Issue, Kind: RunKind.Run, RunId: facts.RunId);
            deferred.AddRange(await ledger.QueryAsync(one, cancellationToken).Take(1).ToListAsync(cancellationToken));
        }

        HashSet<string> stopped = [];
        foreach (string trigger in deferred.Select(r => r.Trigger).Distinct())
        {
            if (!await MayStartAsync(trigger, cancellationToken))
            {
                stopped.Add(trigger);
            }
        }

        return [.. deferred.Where(r => !stopped.Contains(r.Trigger) && scope.Includes(IssueRef.Parse(r.Issue).Repository))];
    }

    private static bool IsDeferred(IRunFacts record) =>
        record is { Kind: RunKind.Run, Outcome: RunOutcome.Skipped } && UsageDeferral.IsDeferred(record.ReasonCode);

    /// <summary>Returns whether a trigger may start runs now. No switch stops a batch or a start by hand.</summary>
    private async Task<bool> MayStartAsync(string trigger, CancellationToken cancellationToken) => trigger switch
    {
        TriggerNames.Webhook => (await policy.MayStartAsync(AutomaticTrigger.Webhook, cancellationToken)).MayStart,
        TriggerNames.Timer => (await policy.MayStartAsync(AutomaticTrigger.Timer, cancellationToken)).MayStart,
        _ => true,
    };

    private static bool IsUrgent(RunRecord record) =>
        (record.LabelsBefore ?? []).Contains(WorkflowLabels.Urgent, StringComparer.OrdinalIgnoreCase);

    private static Candidate ToBacklogCandidate(RunRecord record) =>
        new(IssueRef.Parse(record.Issue), record.LabelsBefore ?? [], CreatedAt: DateTimeOffset.MinValue);

    private static Task<bool> StartAsync(DurableTaskClient client, RunRecord record, CancellationToken cancellationToken)
    {
        PipelineInput input = new()
        {
            Issue = record.Issue,
            Stage = record.RequestedStage,
            Trigger = record.Trigger,
            RequestId = Guid.NewGuid().ToString("N"),
            FromBacklog = record.FromBacklog,
        };
        return RunStarter.TryStartAsync(client, IssueRef.Parse(record.Issue), input, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(325, LogLevel.Information, "{Started} of {Deferred} deferred issues were started again (past due: {PastDue})")]
        public static partial void Started(ILogger logger, int started, int deferred, bool pastDue);
    }
}
