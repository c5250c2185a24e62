using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Batches;

/// <summary>Starts runs on issues of whole repositories: urgent issues first, then round robin by author, oldest first.</summary>
public sealed class BatchStarter(BatchCandidateFinder candidates, DryRuns dryRuns)
{
    /// <summary>How many issues a batch tries for each one it may start, because runs may be active for some of them.</summary>
    private const int TriedPerStarted = 5;

    /// <summary>Starts a batch for an HTTP caller, who is not kept waiting for rate limits.</summary>
    /// <param name="legacyCommand">The old command that asks for the legacy logic. Empty: the flags decide.</param>
    /// <exception cref="HttpProblemException">No repository could be listed.</exception>
    public async Task<BatchResponse> StartForCallerAsync(
        DurableTaskClient client,
        BatchRequest request,
        IReadOnlyList<RepositoryRef> repositories,
        string legacyCommand,
        CancellationToken cancellationToken)
    {
        BatchResponse response = await StartAsync(
            client, request, repositories, TriggerNames.Batch, legacyCommand, TimeSpan.Zero, cancellationToken);
        return response.Problems.Count < repositories.Count || response.Issues.Count > 0
            ? response
            : throw new HttpProblemException(
                StatusCodes.Status503ServiceUnavailable, "No repository could be listed.", "Nothing was started.", response.Problems);
    }

    /// <param name="repositories">They share the batch.</param>
    /// <param name="maxWait">How long listing may wait for a rate limit.</param>
    public async Task<BatchResponse> StartAsync(
        DurableTaskClient client,
        BatchRequest request,
        IReadOnlyList<RepositoryRef> repositories,
        string trigger,
        string legacyCommand,
        TimeSpan maxWait,
        CancellationToken cancellationToken)
    {
        List<string> problems = [];
        List<BatchEntry> entries = [];
        (IReadOnlyList<Candidate> found, IntakeAllowance intake) =
            await candidates.FindAsync(client, request, repositories, legacyCommand, maxWait, problems, cancellationToken);
        foreach (Candidate candidate in found.Take(request.BatchSize * TriedPerStarted))
        {
            if (entries.Count(e => e.Result != BatchEntry.RunningResult) >= request.BatchSize)
            {
                break;
            }

            PipelineInput input = new()
            {
                Issue = candidate.Ref.Canonical,
                Stage = request.Stage,
                Priority = request.Priority,
                Trigger = trigger,
                RequestId = Guid.NewGuid().ToString("N"),
                DryRun = request.DryRun,
                LegacyCommand = legacyCommand,
                FromBacklog = intake.IsBacklog(candidate),
            };
            entries.Add(await StartOneAsync(client, candidate.Ref, input, cancellationToken));
        }

        return new BatchResponse
        {
            Started = entries.Count(e => e.Result == BatchEntry.StartedResult),
            Issues = request.DryRun ? await AddPlansAsync(client, entries, cancellationToken) : entries,
            Problems = problems,
            Deferred = intake.Deferred,
        };
    }

    private static async Task<BatchEntry> StartOneAsync(
        DurableTaskClient client, IssueRef issue, PipelineInput input, CancellationToken cancellationToken)
    {
        if (input.DryRun)
        {
            string instanceId = await RunStarter.StartDryRunAsync(client, issue, input, cancellationToken);
            return new BatchEntry { Issue = issue.Canonical, InstanceId = instanceId, Result = BatchEntry.PlannedResult };
        }

        bool isStarted = await RunStarter.TryStartAsync(client, issue, input, cancellationToken);
        return new BatchEntry
        {
            Issue = issue.Canonical,
            InstanceId = issue.InstanceId,
            Result = isStarted ? BatchEntry.StartedResult : BatchEntry.RunningResult,
        };
    }

    private async Task<IReadOnlyList<BatchEntry>> AddPlansAsync(
        DurableTaskClient client, List<BatchEntry> entries, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, DryRunState> states =
            await dryRuns.WaitAllAsync(client, [.. entries.Select(e => e.InstanceId)], cancellationToken);
        return [.. entries.Select(e => e with { Plan = states[e.InstanceId].Plan })];
    }
}
