using Microsoft.Extensions.Options;
using SiteMonitor.Core;
using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Batches;
using SiteMonitor.Integrations.FeatureFlags;
using SiteMonitor.Integrations.GitHub;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Reads what entering a phase would mean for the open issues of the configured repositories; writes nothing.</summary>
public sealed class BlastRadiusReader(
    IIssueTracker tracker,
    RepositoryScope scope,
    SpecialistCatalogue catalogue,
    IRoutePolicy policy,
    FlagSource flags,
    RolloutPlan plan,
    HandledIssues handled,
    IRunLedger ledger,
    IOptions<GitHubOptions> gitHub,
    TimeProvider time)
{
    private const int MaxListed = 1000;
    private const int IssuesShown = 10;
    private const int RunsForMeans = 200;

    /// <summary>Writes of a run from <c>site-monitor</c> to <c>copilot-assigned</c>, until the ledger knows better.</summary>
    private const double UsualWrites = 3;
    private static readonly TimeSpan MeansSpan = TimeSpan.FromDays(30);

    public async Task<BlastRadius> ReadAsync(PhasePlan next, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        FlagSnapshot now = await flags.CurrentAsync(cancellationToken);
        FlagSnapshot then = await ApplyAsync(now, next);
        IReadOnlyDictionary<string, RunRecord> lastRuns = await handled.ReadLastRunsAsync(cancellationToken);
        List<ExistingIssue> issues = [];
        foreach (Candidate candidate in await ListAsync(problems, cancellationToken))
        {
            issues.Add(await JudgeAsync(candidate, now, then, lastRuns, cancellationToken));
        }

        ExistingIssue[] written = [.. issues.Where(i => i is { IsWritten: true, IsAssignedToPerson: false })];
        Means means = await ReadMeansAsync(cancellationToken);
        AdmissionForecast pace = AdmissionForecast.Of(
            plan.Limits, [.. written.Select(i => i.Candidate.Author)], means.Sessions, means.Dollars);
        return new BlastRadius
        {
            Issues = issues.Count,
            ToUnified = issues.Count(i => i is { Before: Logic.Legacy, After: Logic.Unified }),
            ToLegacy = issues.Count(i => i is { Before: Logic.Unified, After: Logic.Legacy }),
            Written = written.Length,
            First = [.. written.Take(IssuesShown).Select(i => PlannedIssue.For(i.Candidate.Ref, i.Stages))],
            AssignedToPerson = issues.Count(i => i is { IsWritten: true, IsAssignedToPerson: true }),
            StartsByTimer = next.Flags.Timer,
            CopilotSessions = (int)Math.Ceiling(written.Length * means.Sessions),
            Dollars = means.Dollars * written.Length,
            Hours = written.Length * means.Writes / GetWritesPerHour(),
            Intake = next.Intake,
            Days = CountDays(written, new IntakeAllowance(next.Intake, DateTimeOffset.MaxValue, lastRuns, new HashSet<string>()),
                next.Intake),
            LimitPerDay = pace.FirstDay,
            LimitDays = pace.Days,
            Problems = problems,
        };
    }

    private static async Task<FlagSnapshot> ApplyAsync(FlagSnapshot now, PhasePlan next) => new(
        await Task.WhenAll(next.Flags.Targets().Select(t => FlagReader.ReadAsync(
            t.Flag, FlagSettingWriter.Apply(t.Flag, now.Find(t.Flag)?.Content, t.Setting), etag: string.Empty))),
        now.ReadAt);

    private async Task<IReadOnlyList<Candidate>> ListAsync(List<string> problems, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> labels = WorkflowLabels.GetListed(catalogue);
        List<Candidate> found = [];
        foreach (RepositoryRef repository in scope.Configured)
        {
            try
            {
                CallResult<IReadOnlyList<Candidate>> listed =
                    await tracker.ListCandidatesAsync(new CandidateQuery(repository, labels, MaxListed), cancellationToken);
                found.AddRange(listed.Value ?? []);
                if (listed.RetryAt is { } limitedUntil)
                {
                    problems.Add($"{repository}: GitHub's rate limit prevents listing until {limitedUntil:u}.");
                }
                else if (listed.Value!.Count == MaxListed)
                {
                    problems.Add($"{repository}: open issues beyond the first {MaxListed}.");
                }
            }
            catch (PipelineException failure)
            {
                problems.Add($"{repository}: {failure.Message}");
            }
        }

        return FairOrder.Sort(found);
    }

    private async Task<ExistingIssue> JudgeAsync(
        Candidate candidate,
        FlagSnapshot now,
        FlagSnapshot then,
        IReadOnlyDictionary<string, RunRecord> lastRuns,
        CancellationToken cancellationToken)
    {
        Logic before = (await policy.DecideAsync(now, candidate.Ref, candidate.Labels, cancellationToken)).Route;
        RouteDecision after = await policy.DecideAsync(then, candidate.Ref, candidate.Labels, cancellationToken);
        StageChoice choice = StageSelection.Select(IssueFacts.From(candidate), RequestedStage.Auto, catalogue);
        bool isWritten = choice.First is { } first
            && after.For(first) == Logic.Unified
            && !(lastRuns.TryGetValue(candidate.Ref.Canonical, out RunRecord? last)
                && HandledIssues.IsUnchangedSince(last, Logic.Unified, candidate, time.GetUtcNow()));
        return new ExistingIssue(candidate, before, after.Route, choice.Stages, isWritten);
    }

    private async Task<Means> ReadMeansAsync(CancellationToken cancellationToken)
    {
        var query = new LedgerQuery(From: time.GetUtcNow() - MeansSpan, Kind: RunKind.Run, NewestFirst: true);
        List<Usage> usages = await ledger.QueryAsync(query, cancellationToken)
            .Where(r => RunStatistics.IsUnified(r) && RunStatistics.IsCounted(r))
            .Select(r => r.Usage)
            .Take(RunsForMeans)
            .ToListAsync(cancellationToken);
        return usages.Count == 0
            ? new Means(1, null, UsualWrites)
            : new Means(usages.Average(u => u.CopilotSessions), usages.Average(u => u.Dollars), usages.Average(u => u.GitHubWrites));
    }

    private double GetWritesPerHour()
    {
        GitHubOptions options = gitHub.Value;
        double byInterval = options.WriteInterval > TimeSpan.Zero ? TimeSpan.FromHours(1) / options.WriteInterval : double.PositiveInfinity;
        return Math.Min(byInterval, Math.Min(options.Limits.ContentPerHour, options.Limits.ContentPerMinute * 60.0));
    }

    private static int? CountDays(ExistingIssue[] written, IntakeAllowance backlog, int? intake)
    {
        int largest = written
            .Where(i => backlog.IsBacklog(i.Candidate))
            .GroupBy(i => i.Candidate.Ref.Repository)
            .Select(g => g.Count())
            .DefaultIfEmpty()
            .Max();
        return intake is not { } most || largest == 0 ? 1 : most == 0 ? null : (largest + most - 1) / most;
    }

    private sealed record ExistingIssue(Candidate Candidate, Logic Before, Logic After, IReadOnlyList<Stage> Stages, bool IsWritten)
    {
        public bool IsAssignedToPerson => Candidate.Assignees.Any(CopilotLogin.IsPerson);
    }

    /// <summary>What a unified run takes on average.</summary>
    private sealed record Means(double Sessions, decimal? Dollars, double Writes);
}
