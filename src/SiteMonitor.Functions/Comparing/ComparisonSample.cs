using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Rollout;
using SiteMonitor.Functions.Starting;

namespace SiteMonitor.Functions.Comparing;

/// <summary>Takes existing issues, lets both sides decide on each, and writes nothing to them.</summary>
public sealed class ComparisonSample(IIssueTracker tracker, IssueComparer comparer, IComparisonLog log, ICurrentPhase phase, PlanContext context, RepositoryScope scope)
{
    /// <summary>Candidates on which there is nothing to decide must not spoil the sample: so many more are listed.</summary>
    private const int ListedForEach = 3;

    public async Task<SampleAnswer> TakeAsync(SampleRequest wanted, IReadOnlyList<RepositoryRef> repositories, CancellationToken cancellationToken)
    {
        List<string> leftOut = [];
        List<IssueComparison> compared = [];
        string sample = Guid.NewGuid().ToString("N");
        string now = await phase.NameAsync(cancellationToken);
        foreach (RepositoryRef repository in repositories.Count > 0 ? repositories : scope.Configured)
        {
            foreach (Candidate candidate in await ListAsync(repository, wanted.Sample, leftOut, cancellationToken))
            {
                if (compared.Count >= wanted.Sample)
                {
                    break;
                }

                if (await CompareAsync(candidate.Ref, leftOut, cancellationToken) is { } comparison)
                {
                    compared.Add(comparison);
                    if (!wanted.DryRun)
                    {
                        await log.AppendAsync($"sample:{sample}:{comparison.Issue}", now, comparison, cancellationToken);
                    }
                }
            }
        }

        return new SampleAnswer { Report = ConsistencyReport.Of(compared), LeftOut = leftOut, Recorded = !wanted.DryRun };
    }

    private async Task<IReadOnlyList<Candidate>> ListAsync(RepositoryRef repository, int sample, List<string> leftOut, CancellationToken cancellationToken)
    {
        string[] labels = [WorkflowLabels.SiteMonitor, .. context.Catalogue.Specialists.Select(s => s.Label)];
        CallResult<IReadOnlyList<Candidate>> listed = await tracker.ListCandidatesAsync(new CandidateQuery(repository, labels, sample * ListedForEach), cancellationToken);
        if (listed.Value is { } candidates)
        {
            return candidates;
        }

        leftOut.Add($"{repository}: GitHub's rate limit bars listing until {listed.RetryAt:u}.");
        return [];
    }

    private async Task<IssueComparison?> CompareAsync(IssueRef reference, List<string> leftOut, CancellationToken cancellationToken)
    {
        try
        {
            CallResult<IssueSnapshot> read = await tracker.ReadAsync(reference, cancellationToken);
            if (read.Value is not { } issue)
            {
                leftOut.Add($"{reference}: GitHub's rate limit bars reading until {read.RetryAt:u}.");
                return null;
            }

            StageChoice choice = StageSelection.Select(issue, RequestedStage.Auto, context.Catalogue);
            if (choice.IsSkip)
            {
                leftOut.Add($"{reference}: {choice.Reason}");
                return null;
            }

            CallResult<IssueComparison> compared = await comparer.CompareAsync(issue, choice.Stages, cancellationToken);
            if (compared.Value is null)
            {
                leftOut.Add($"{reference}: the model's rate limit bars asking until {compared.RetryAt:u}.");
            }

            return compared.Value;
        }
        catch (PipelineException failure)
        {
            leftOut.Add($"{reference}: {failure.Message}");
            return null;
        }
    }
}
