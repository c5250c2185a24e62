using System.Runtime.CompilerServices;
using SiteMonitor.Core;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Triggers.Comparison;

/// <summary>
/// Takes existing issues, lets both sides decide on each, and writes nothing to them. What was compared since the phase's evidence began is not taken again, and what the legacy
/// rules leave unmatched fills no place; a request that takes too long answers with what it has.
/// </summary>
public sealed class ComparisonSample(
    IIssueTracker tracker, IssueComparer comparer, IComparisonLog log, RolloutStates states, PlanContext context, RepositoryScope scope, SampleTimeLimits? time = null)
{
    /// <summary>Candidates on which there is nothing to decide must not spoil the sample: so many more are listed.</summary>
    private const int ListedForEach = 3;

    private readonly SampleTimeLimits _time = time ?? SampleTimeLimits.Default;

    public async Task<SampleResponse> TakeAsync(SampleRequest wanted, IReadOnlyList<RepositoryRef> repositories, CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        IReadOnlyList<IssueComparison> before = await log.QueryAsync(state.EvidenceFrom, cancellationToken);
        var sample = new SampleProgress(wanted, before.Select(c => c.Issue), _time);
        string id = Guid.NewGuid().ToString("N");
        await foreach (IssueRef issue in CandidatesAsync(repositories.Count > 0 ? repositories : scope.Configured, wanted.Sample, sample, cancellationToken))
        {
            if (await CompareAsync(issue, sample, cancellationToken) is not { } comparison)
            {
                continue;
            }

            sample.Compared.Add(comparison);
            if (!wanted.DryRun)
            {
                await log.AppendAsync($"sample:{id}:{comparison.Issue}", state.Phase, comparison, cancellationToken);
            }
        }

        return sample.Answer();
    }

    // Listed anew, twice as many, while all that were listed are known or came to nothing.
    private async IAsyncEnumerable<IssueRef> CandidatesAsync(
        IReadOnlyList<RepositoryRef> repositories, int count, SampleProgress sample, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (RepositoryRef repository in repositories)
        {
            bool isLast = false;
            for (int limit = (count * ListedForEach) + sample.Known; !isLast && !sample.IsOver; limit *= 2)
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

    private async Task<IReadOnlyList<Candidate>> ListAsync(RepositoryRef repository, int limit, SampleProgress sample, CancellationToken cancellationToken)
    {
        string[] labels = [WorkflowLabels.SiteMonitor, .. context.Catalogue.Specialists.Select(s => s.Label)];
        CallResult<IReadOnlyList<Candidate>> listed = await tracker.ListCandidatesAsync(new CandidateQuery(repository, labels, limit), cancellationToken);
        if (listed.Value is { } candidates)
        {
            return candidates;
        }

        sample.StopForRateLimit($"{repository}: GitHub's rate limit bars listing until {listed.RetryAt:u}.");
        return [];
    }

    private async Task<IssueComparison?> CompareAsync(IssueRef reference, SampleProgress sample, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(sample.Left);
        try
        {
            CallResult<IssueSnapshot> read = await tracker.ReadAsync(reference, late.Token);
            if (read.Value is not { } issue)
            {
                sample.StopForRateLimit($"{reference}: GitHub's rate limit bars reading until {read.RetryAt:u}.");
                return null;
            }

            StageChoice choice = StageSelection.Select(issue, RequestedStage.Auto, context.Catalogue);
            if (choice.IsSkip)
            {
                sample.LeftOut.Add($"{reference}: {choice.Reason}");
                return null;
            }

            CallResult<IssueComparison> compared = await comparer.CompareAsync(issue, choice.Stages, late.Token);
            if (compared.Value is null)
            {
                sample.StopForRateLimit($"{reference}: the model's rate limit bars asking until {compared.RetryAt:u}.");
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
