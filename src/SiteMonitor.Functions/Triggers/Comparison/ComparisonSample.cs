using System.Runtime.CompilerServices;
using SiteMonitor.Core;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Triggers.Comparison;

/// <summary>
/// Lets both sides decide on existing issues, and writes nothing to them. Issues that were compared since the phase's evidence began are
/// skipped, and those that the legacy rules leave unmatched do not count. A request that takes too long returns what it has.
/// The cost of each comparison is recorded in the ledger, also of a dry run or a failed one.
/// </summary>
public sealed class ComparisonSample(
    IIssueTracker tracker,
    IssueComparer comparer,
    IComparisonLog log,
    RunRecorder recorder,
    RolloutStateRepository states,
    PlanContext context,
    RepositoryScope scope,
    TimeProvider time,
    SampleTimeLimits? limits = null)
{
    /// <summary>More issues are listed than compared, because some need no decision.</summary>
    private const int ListedPerCompared = 3;

    private readonly SampleTimeLimits _limits = limits ?? SampleTimeLimits.Default;

    public async Task<SampleResponse> TakeAsync(
        SampleRequest request, IReadOnlyList<RepositoryRef> repositories, CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        IReadOnlyList<IssueComparison> before = await log.QueryAsync(state.EvidenceFrom, cancellationToken);
        SampleProgress sample = new(request, before.Select(c => c.Issue), _limits);
        string id = Guid.NewGuid().ToString("N");
        IReadOnlyList<RepositoryRef> searched = repositories.Count > 0 ? repositories : scope.Configured;
        await foreach (IssueRef issue in FindCandidatesAsync(searched, request.Sample, sample, cancellationToken))
        {
            string comparisonId = $"sample:{id}:{issue.Canonical}";
            IssueComparison? comparison = await CompareAsync(comparisonId, state.Phase, issue, sample, cancellationToken);
            if (comparison is null)
            {
                continue;
            }

            sample.Compared.Add(comparison);
            if (!request.DryRun)
            {
                await log.AppendAsync(comparisonId, state.Phase, comparison, cancellationToken);
            }
        }

        return sample.ToResponse();
    }

    private async IAsyncEnumerable<IssueRef> FindCandidatesAsync(
        IReadOnlyList<RepositoryRef> repositories, int count, SampleProgress sample,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (RepositoryRef repository in repositories)
        {
            // While a listing does not have enough new issues, twice as many are listed.
            bool isLast = false;
            for (int limit = (count * ListedPerCompared) + sample.Known; !isLast && !sample.IsOver; limit *= 2)
            {
                IReadOnlyList<Candidate> listed = await ListAsync(repository, limit, sample, cancellationToken);
                foreach (Candidate candidate in listed.TakeWhile(_ => !sample.IsOver).Where(c => sample.TryTake(c.Ref.Canonical)))
                {
                    yield return candidate.Ref;
                }

                isLast = listed.Count < limit;
            }
        }
    }

    private async Task<IReadOnlyList<Candidate>> ListAsync(
        RepositoryRef repository, int limit, SampleProgress sample, CancellationToken cancellationToken)
    {
        string[] labels = [WorkflowLabels.SiteMonitor, .. context.Catalogue.Specialists.Select(s => s.Label)];
        CallResult<IReadOnlyList<Candidate>> listed =
            await tracker.ListCandidatesAsync(new CandidateQuery(repository, labels, limit), cancellationToken);
        if (listed.Value is { } candidates)
        {
            return candidates;
        }

        sample.StopForRateLimit($"{repository}: GitHub's rate limit prevents listing until {listed.RetryAt:u}.");
        return [];
    }

    /// <summary>Compares an issue, and records what that cost.</summary>
    private async Task<IssueComparison?> CompareAsync(
        string id, string phase, IssueRef issue, SampleProgress sample, CancellationToken cancellationToken)
    {
        DateTimeOffset started = time.GetUtcNow();
        using CallMeter meter = CallMeter.StartExtra();
        IssueComparison? comparison = await CompareAsync(issue, sample, cancellationToken);
        if (comparison is null && meter.Total.ModelCalls == 0)
        {
            return null;
        }

        RunRecord record = new()
        {
            Kind = RunKind.Comparison,
            RunId = id,
            Issue = issue.Canonical,
            Trigger = TriggerNames.Manual,
            Phase = phase,
            Outcome = comparison is null ? RunOutcome.Failed : RunOutcome.Succeeded,
            Usage = meter.Total,
            Started = started,
            Ended = time.GetUtcNow(),
        };
        await recorder.AppendAsync(record, cancellationToken);
        return comparison;
    }

    private async Task<IssueComparison?> CompareAsync(IssueRef reference, SampleProgress sample, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(sample.Remaining);
        try
        {
            CallResult<IssueSnapshot> read = await tracker.ReadAsync(reference, timeout.Token);
            if (read.Value is not { } issue)
            {
                sample.StopForRateLimit($"{reference}: GitHub's rate limit prevents reading until {read.RetryAt:u}.");
                return null;
            }

            StageChoice choice = StageSelection.Select(issue, RequestedStage.Auto, context.Catalogue);
            if (choice.IsSkip)
            {
                sample.LeftOut.Add($"{reference}: {choice.Reason}");
                return null;
            }

            CallResult<IssueComparison> compared = await comparer.CompareAsync(issue, choice.Stages, timeout.Token);
            if (compared.Value is null)
            {
                string cause = compared.IsModelOutage ? "an outage of the model" : "the model's rate limit";
                sample.StopForRateLimit($"{reference}: {cause} prevents the analysis until {compared.RetryAt:u}.");
            }

            return compared.Value;
        }
        catch (PipelineException failure)
        {
            sample.LeftOut.Add($"{reference}: {failure.Message}");
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            sample.LeftOut.Add($"{reference}: reading it and asking the model took too long.");
            return null;
        }
    }
}
