using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Triggers.Batches;

/// <summary>Reads how much of the backlog the current phase's intake still lets batches start today.</summary>
public sealed class BacklogIntake(RolloutStateRepository states, IRunLedger ledger, TimeProvider time)
{
    /// <param name="lastRuns">The newest run of each issue that had one, by canonical name.</param>
    public async Task<IntakeAllowance> ReadAsync(
        DurableTaskClient client, IReadOnlyDictionary<string, RunRecord> lastRuns, CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        int? perDay = states.Plan.Find(state.Phase)?.Intake;
        HashSet<string> started = perDay is null ? [] : await ReadStartedTodayAsync(client, cancellationToken);
        return new IntakeAllowance(perDay, state.PhaseSince, lastRuns, started);
    }

    // Runs in progress have no record yet.
    private async Task<HashSet<string>> ReadStartedTodayAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        DateTimeOffset today = new(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        HashSet<string> started = await ledger.QueryAsync(new LedgerQuery(From: today, Kind: RunKind.Run), cancellationToken)
            .Where(r => r.FromBacklog && r.Outcome != RunOutcome.Skipped)
            .Select(r => r.Issue)
            .ToHashSetAsync(cancellationToken: cancellationToken);
        OrchestrationQuery active = new(Statuses: RunStarter.ActiveStatuses, FetchInputsAndOutputs: true);
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(active).WithCancellation(cancellationToken))
        {
            if (instance.Name == PipelineInput.Orchestrator
                && instance.CreatedAt >= today
                && instance.ReadInputAs<PipelineInput>() is { FromBacklog: true } input)
            {
                started.Add(input.Issue);
            }
        }

        return started;
    }
}

/// <summary>What one batch may still start of the backlog.</summary>
/// <param name="perDay">The phase's intake, by UTC day and repository; null: no limit.</param>
/// <param name="phaseSince">When the phase began: the backlog is older.</param>
/// <param name="lastRuns">The newest run of each issue that had one.</param>
/// <param name="startedToday">Issues of the backlog that were started today, by canonical name.</param>
public sealed class IntakeAllowance(
    int? perDay, DateTimeOffset phaseSince, IReadOnlyDictionary<string, RunRecord> lastRuns, IReadOnlySet<string> startedToday)
{
    private readonly Dictionary<RepositoryRef, int> _left = [];

    /// <summary>Issues that were left for later.</summary>
    public int Deferred { get; private set; }

    /// <summary>Whether an issue was opened before the phase began and never started; <c>urgent</c> ones do not wait.</summary>
    public bool IsBacklog(Candidate candidate) =>
        candidate.CreatedAt < phaseSince
        && !lastRuns.ContainsKey(candidate.Ref.Canonical)
        && !candidate.Labels.Contains(WorkflowLabels.Urgent, StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a place for the issue if it needs one.</summary>
    /// <returns>False when the intake of its repository is used up for today.</returns>
    public bool TryTake(Candidate candidate)
    {
        if (perDay is not { } most || startedToday.Contains(candidate.Ref.Canonical) || !IsBacklog(candidate))
        {
            return true;
        }

        RepositoryRef repository = candidate.Ref.Repository;
        int left = _left.GetValueOrDefault(repository, most - CountStarted(repository));
        _left[repository] = left - 1;
        Deferred += left > 0 ? 0 : 1;
        return left > 0;
    }

    private int CountStarted(RepositoryRef repository) =>
        startedToday.Count(issue => IssueRef.Parse(issue).Repository.Canonical == repository.Canonical);
}
