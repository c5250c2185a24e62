using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Triggers.Batches;

/// <summary>Finds the issues that a batch may start: those with something to do that was not done before, however many others stand in front of them.</summary>
public sealed class BatchCandidateFinder(IIssueTracker tracker, SpecialistCatalogue catalogue, IRoutePolicy policy, HandledIssues handled, TimeProvider time)
{
    /// <summary>Issues that a run is on for must not keep the others waiting: so many more are listed than started.</summary>
    private const int ListedForEach = 5;

    private const int MostListed = 1000;

    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    /// <param name="legacyFor">The old command that asks for the legacy logic; empty: the flags decide.</param>
    /// <param name="patience">How long, for all repositories together, a rate limit is waited for to list again.</param>
    /// <param name="problems">Gets a line for each repository that could not be listed, or only in part.</param>
    /// <returns>Urgent ones first, then the oldest.</returns>
    public async Task<IReadOnlyList<Candidate>> FindAsync(
        BatchRequest wanted, IReadOnlyList<RepositoryRef> repositories, string legacyFor, TimeSpan patience, List<string> problems, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, RunRecord> last = await handled.LastRunsAsync(cancellationToken);
        DateTimeOffset waitUntil = time.GetUtcNow() + patience;
        List<Candidate> candidates = [];
        foreach (RepositoryRef repository in repositories)
        {
            // Short-lived labels too: a run that a crash ended long ago may have left one.
            string[] labels = [WorkflowLabels.SiteMonitor, .. catalogue.Specialists.Select(s => s.Label), .. WorkflowLabels.ShortLived];
            CandidateQuery query = new(repository, labels, Math.Min(wanted.BatchSize * ListedForEach, MostListed), wanted.Priority == PriorityNames.Urgent)
            {
                IsWanted = (candidate, stop) => IsWantedAsync(candidate, wanted, legacyFor, last, stop),
            };
            candidates.AddRange(await ListAsync(query, waitUntil, problems, cancellationToken));
        }

        return [.. candidates.OrderByDescending(IsUrgent).ThenBy(c => c.CreatedAt)];
    }

    private async Task<IReadOnlyList<Candidate>> ListAsync(CandidateQuery query, DateTimeOffset waitUntil, List<string> problems, CancellationToken cancellationToken)
    {
        try
        {
            CallResult<IReadOnlyList<Candidate>> listed = await tracker.ListCandidatesAsync(query, cancellationToken);
            while (listed.RetryAt is { } limited && limited <= waitUntil)
            {
                // Limits pass by the machine's clock, also where time is simulated and runs faster.
                TimeSpan wait = limited - time.GetUtcNow();
                await Task.Delay(wait > LeastWait ? wait : LeastWait, TimeProvider.System, cancellationToken);
                listed = await tracker.ListCandidatesAsync(query, cancellationToken);
            }

            if (listed.RetryAt is { } barred)
            {
                string found = listed.Value is null ? string.Empty : "; the urgent ones found before are started";
                problems.Add($"{query.Repository}: GitHub's rate limit bars listing until {barred:u}{found}; try again then.");
            }

            return listed.Value ?? [];
        }
        catch (PipelineException failure)
        {
            problems.Add($"{query.Repository}: {failure.Message}");
            return [];
        }
    }

    private async ValueTask<bool> IsWantedAsync(
        Candidate candidate, BatchRequest wanted, string legacyFor, IReadOnlyDictionary<string, RunRecord> last, CancellationToken cancellationToken)
    {
        RequestedStage stage = RequestedStageNames.TryParse(wanted.Stage, out RequestedStage parsed, out _) ? parsed : RequestedStage.Auto;
        IssueFacts facts = IssueFacts.From(candidate);
        StageChoice choice = StageSelection.Select(facts, stage, catalogue);
        return choice.IsSkip
            ? facts.HasShortLived
            : !last.TryGetValue(candidate.Ref.Canonical, out RunRecord? run) || !await IsHandledAsync(candidate, choice, run, legacyFor, cancellationToken);
    }

    private async Task<bool> IsHandledAsync(Candidate candidate, StageChoice choice, RunRecord last, string legacyFor, CancellationToken cancellationToken)
    {
        Logic logic = legacyFor.Length > 0
            ? Logic.Legacy
            : (await policy.DecideAsync(candidate.Ref, candidate.Labels, cancellationToken)).For(choice.Stages[0]);
        return HandledIssues.IsUntouchedSince(last, logic, candidate);
    }

    private static bool IsUrgent(Candidate candidate) => candidate.Labels.Contains(WorkflowLabels.Urgent, StringComparer.OrdinalIgnoreCase);
}
