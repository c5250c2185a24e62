using Microsoft.DurableTask.Client;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Core.Undo;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Triggers.Batches;

/// <summary>Finds the issues that a batch may start: those with something to do that was not done before.</summary>
public sealed class BatchCandidateFinder(
    IIssueTracker tracker,
    SpecialistCatalogue catalogue,
    IRoutePolicy policy,
    HandledIssues handled,
    UndoExclusions undoExclusions,
    BacklogIntake intake,
    TimeProvider time)
{
    private static readonly TimeSpan MinWait = TimeSpan.FromSeconds(1);

    /// <param name="legacyCommand">The old command that asks for the legacy logic. Empty: the flags decide.</param>
    /// <param name="maxWait">How long listing may wait for rate limits, all repositories together.</param>
    /// <param name="problems">Gets a line for each repository that could not be listed completely.</param>
    /// <returns>Urgent issues first, then the authors in turn, each one's oldest first; and what the intake left for later.</returns>
    /// <remarks>
    /// Listings are read to their end or their bound, and the intake's places are taken in the fair order. So the old issues of one
    /// author neither hide other authors' issues nor use up the intake.
    /// </remarks>
    public async Task<(IReadOnlyList<Candidate> Candidates, IntakeAllowance Intake)> FindAsync(
        DurableTaskClient client,
        BatchRequest request,
        IReadOnlyList<RepositoryRef> repositories,
        string legacyCommand,
        TimeSpan maxWait,
        List<string> problems,
        CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, RunRecord> lastRuns = await handled.ReadLastRunsAsync(cancellationToken);
        IReadOnlyDictionary<string, RunRecord> undone = legacyCommand.Length > 0
            ? new Dictionary<string, RunRecord>()
            : await undoExclusions.ReadAsync(cancellationToken);
        IntakeAllowance allowance = await intake.ReadAsync(client, lastRuns, cancellationToken);
        DateTimeOffset waitUntil = time.GetUtcNow() + maxWait;
        List<Candidate> candidates = [];
        foreach (RepositoryRef repository in repositories)
        {
            IReadOnlyList<string> labels = WorkflowLabels.GetListed(catalogue);
            CandidateQuery query = new(repository, labels, Limit: int.MaxValue, request.Priority == PriorityNames.Urgent)
            {
                IsWanted = async (candidate, token) => !IsUndone(candidate, undone)
                    && await IsWantedAsync(candidate, request, legacyCommand, lastRuns, token),
            };
            candidates.AddRange(await ListAsync(query, waitUntil, problems, cancellationToken));
        }

        return ([.. FairOrder.Sort(candidates).Where(allowance.TryTake)], allowance);
    }

    private async Task<IReadOnlyList<Candidate>> ListAsync(
        CandidateQuery query, DateTimeOffset waitUntil, List<string> problems, CancellationToken cancellationToken)
    {
        try
        {
            CallResult<IReadOnlyList<Candidate>> listed = await tracker.ListCandidatesAsync(query, cancellationToken);
            while (listed.RetryAt is { } retryAt && retryAt <= waitUntil)
            {
                // Rate limits end by the system clock, even where simulated time runs faster.
                TimeSpan wait = retryAt - time.GetUtcNow();
                await Task.Delay(wait > MinWait ? wait : MinWait, TimeProvider.System, cancellationToken);
                listed = await tracker.ListCandidatesAsync(query, cancellationToken);
            }

            if (listed.RetryAt is { } limitedUntil)
            {
                string partial = listed.Value is null ? string.Empty : "; the urgent issues found so far are started";
                problems.Add($"{query.Repository}: GitHub's rate limit prevents listing until {limitedUntil:u}{partial}. Try again then.");
            }

            return listed.Value ?? [];
        }
        catch (PipelineException failure)
        {
            problems.Add($"{query.Repository}: {failure.Message}");
            return [];
        }
    }

    private static bool IsUndone(Candidate candidate, IReadOnlyDictionary<string, RunRecord> undone) =>
        undone.TryGetValue(candidate.Ref.Canonical, out RunRecord? undo) && UndoExclusions.HasSameLabels(undo, candidate.Labels);

    private async ValueTask<bool> IsWantedAsync(
        Candidate candidate,
        BatchRequest request,
        string legacyCommand,
        IReadOnlyDictionary<string, RunRecord> lastRuns,
        CancellationToken cancellationToken)
    {
        RequestedStage stage = RequestedStageNames.TryParse(request.Stage, out RequestedStage parsed, out _) ? parsed : RequestedStage.Auto;
        IssueFacts facts = IssueFacts.From(candidate);
        StageChoice choice = StageSelection.Select(facts, stage, catalogue);
        bool isKnown = choice.State != IssueState.Unmanaged || lastRuns.ContainsKey(candidate.Ref.Canonical);
        return choice.IsSkip || candidate.Assignees.Any(CopilotLogin.IsPerson)
            ? facts.HasShortLived && isKnown
            : !lastRuns.TryGetValue(candidate.Ref.Canonical, out RunRecord? last)
                || !await IsHandledAsync(candidate, choice, last, legacyCommand, cancellationToken);
    }

    private async Task<bool> IsHandledAsync(
        Candidate candidate, StageChoice choice, RunRecord last, string legacyCommand, CancellationToken cancellationToken)
    {
        Logic logic = legacyCommand.Length > 0
            ? Logic.Legacy
            : (await policy.DecideAsync(candidate.Ref, candidate.Labels, cancellationToken)).For(choice.Stages[0]);
        return HandledIssues.IsUnchangedSince(last, logic, candidate, time.GetUtcNow());
    }
}
