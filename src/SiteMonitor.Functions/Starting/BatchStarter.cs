using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Orchestrations;

namespace SiteMonitor.Functions.Starting;

/// <summary>Starts runs on the issues of whole repositories: urgent ones first, then the oldest.</summary>
public sealed class BatchStarter(
    IIssueTracker tracker,
    RunStarter starter,
    DryRuns dryRuns,
    SpecialistCatalogue catalogue,
    IRoutePolicy policy,
    HandledIssues handled)
{
    /// <summary>Candidates that turn out to have nothing to do must not keep the others waiting: so many more are listed than started.</summary>
    private const int ListedForEach = 5;

    private const int MostListed = 1000;

    /// <param name="wanted">Checked already.</param>
    /// <param name="repositories">Worked on in this order, each up to what is left of the batch.</param>
    /// <param name="legacyFor">The old command that asks for the legacy logic; empty: the flags decide.</param>
    public async Task<BatchAnswer> StartAsync(
        DurableTaskClient client,
        BatchRequest wanted,
        IReadOnlyList<RepositoryRef> repositories,
        string trigger,
        string legacyFor,
        CancellationToken cancellationToken)
    {
        List<string> problems = [];
        List<Candidate> candidates = [];
        foreach (RepositoryRef repository in repositories)
        {
            candidates.AddRange(await ListAsync(wanted, repository, problems, cancellationToken));
        }

        List<BatchEntry> entries = [];
        IReadOnlyDictionary<string, RunRecord> last = await handled.LastRunsAsync(cancellationToken);
        IEnumerable<Candidate> inOrder = candidates.OrderByDescending(IsUrgent).ThenBy(c => c.CreatedAt);
        foreach (Candidate candidate in inOrder)
        {
            if (entries.Count(e => e.Result != BatchEntry.RunningResult) >= wanted.BatchSize)
            {
                break;
            }

            if (last.TryGetValue(candidate.Ref.Canonical, out RunRecord? run) && await IsHandledAsync(candidate, run, wanted, legacyFor, cancellationToken))
            {
                continue;
            }

            entries.Add(await StartOneAsync(client, Input(wanted, candidate.Ref, trigger) with { LegacyFor = legacyFor }, candidate.Ref, cancellationToken));
        }

        return new BatchAnswer
        {
            Started = entries.Count(e => e.Result == BatchEntry.StartedResult),
            Issues = wanted.DryRun ? await WithPlansAsync(client, entries, cancellationToken) : entries,
            Problems = problems,
        };
    }

    private async Task<IEnumerable<Candidate>> ListAsync(BatchRequest wanted, RepositoryRef repository, List<string> problems, CancellationToken cancellationToken)
    {
        // Short-lived labels too: a run that a crash ended long ago may have left one.
        string[] labels = [WorkflowLabels.SiteMonitor, .. catalogue.Specialists.Select(s => s.Label), .. WorkflowLabels.ShortLived];
        CandidateQuery query = new(repository, labels, Math.Min(wanted.BatchSize * ListedForEach, MostListed), wanted.Priority == PriorityNames.Urgent);
        try
        {
            CallResult<IReadOnlyList<Candidate>> listed = await tracker.ListCandidatesAsync(query, cancellationToken);
            if (listed.Value is { } candidates)
            {
                return candidates.Where(c => HasSomethingToDo(c, wanted));
            }

            problems.Add($"{repository}: GitHub's rate limit bars listing until {listed.RetryAt:u}; try again then.");
        }
        catch (PipelineException failure)
        {
            problems.Add($"{repository}: {failure.Message}");
        }

        return [];
    }

    private bool HasSomethingToDo(Candidate candidate, BatchRequest wanted) =>
        !Choose(candidate, wanted).IsSkip || !LabelStateMachine.Read(candidate.Labels, catalogue).IsSettled;

    private StageChoice Choose(Candidate candidate, BatchRequest wanted)
    {
        RequestedStage stage = RequestedStages.TryParse(wanted.Stage, out RequestedStage parsed, out _) ? parsed : RequestedStage.Auto;
        return StageSelection.Select(IssueFacts.Of(candidate), stage, catalogue);
    }

    private async Task<bool> IsHandledAsync(Candidate candidate, RunRecord last, BatchRequest wanted, string legacyFor, CancellationToken cancellationToken)
    {
        StageChoice choice = Choose(candidate, wanted);
        if (choice.IsSkip)
        {
            return false;
        }

        Logic logic = legacyFor.Length > 0
            ? Logic.Legacy
            : (await policy.DecideAsync(candidate.Ref, candidate.Labels, cancellationToken)).For(choice.Stages[0]);
        return HandledIssues.IsUntouchedSince(last, logic, candidate);
    }

    private static PipelineInput Input(BatchRequest wanted, IssueRef issue, string trigger) => new()
    {
        Issue = issue.Canonical,
        Stage = wanted.Stage,
        Priority = wanted.Priority,
        Trigger = trigger,
        RequestId = Guid.NewGuid().ToString("N"),
        DryRun = wanted.DryRun,
    };

    private async Task<BatchEntry> StartOneAsync(DurableTaskClient client, PipelineInput input, IssueRef issue, CancellationToken cancellationToken)
    {
        if (input.DryRun)
        {
            string planned = await starter.StartDryRunAsync(client, input, cancellationToken);
            return new BatchEntry { Issue = issue.Canonical, InstanceId = planned, Result = BatchEntry.PlannedResult };
        }

        bool started = await starter.TryStartAsync(client, input, cancellationToken);
        return new BatchEntry { Issue = issue.Canonical, InstanceId = issue.InstanceId, Result = started ? BatchEntry.StartedResult : BatchEntry.RunningResult };
    }

    private async Task<IReadOnlyList<BatchEntry>> WithPlansAsync(DurableTaskClient client, List<BatchEntry> entries, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, DryRunState> states = await dryRuns.WaitAllAsync(client, [.. entries.Select(e => e.InstanceId)], cancellationToken);
        return [.. entries.Select(e => e with { Plan = states[e.InstanceId].Plan })];
    }

    private static bool IsUrgent(Candidate candidate) => candidate.Labels.Contains(WorkflowLabels.Urgent, StringComparer.OrdinalIgnoreCase);
}
