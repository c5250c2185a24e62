using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Triggers.Batches;

/// <summary>Starts runs on the issues of whole repositories: urgent ones first, then the oldest.</summary>
public sealed class BatchStarter(BatchCandidateFinder candidates, RunStarter starter, DryRuns dryRuns)
{
    /// <param name="wanted">Checked already.</param>
    /// <param name="repositories">The batch is shared by them all.</param>
    /// <param name="legacyFor">The old command that asks for the legacy logic; empty: the flags decide.</param>
    /// <param name="patience">How long a rate limit may hold the listing up.</param>
    public async Task<BatchResponse> StartAsync(
        DurableTaskClient client,
        BatchRequest wanted,
        IReadOnlyList<RepositoryRef> repositories,
        string trigger,
        string legacyFor,
        TimeSpan patience,
        CancellationToken cancellationToken)
    {
        List<string> problems = [];
        List<BatchEntry> entries = [];
        foreach (Candidate candidate in await candidates.FindAsync(wanted, repositories, legacyFor, patience, problems, cancellationToken))
        {
            if (entries.Count(e => e.Result != BatchEntry.RunningResult) >= wanted.BatchSize)
            {
                break;
            }

            entries.Add(await StartOneAsync(client, Input(wanted, candidate.Ref, trigger) with { LegacyCommand = legacyFor }, candidate.Ref, cancellationToken));
        }

        return new BatchResponse
        {
            Started = entries.Count(e => e.Result == BatchEntry.StartedResult),
            Issues = wanted.DryRun ? await WithPlansAsync(client, entries, cancellationToken) : entries,
            Problems = problems,
        };
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
}
