using System.Globalization;
using SiteMonitor.Sandbox;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>Runs fault schedules, one per seed, and checks the invariants after each.</summary>
internal static class FaultCampaign
{
    /// <summary>Share of the findings that no fault made impossible, and that must succeed.</summary>
    public const double RequiredSuccess = 0.995;

    /// <summary>Seeds at a time: a host mostly waits for its database and for faults to pass.</summary>
    private const int Concurrency = 4;

    /// <param name="first">The first seed; the others follow it.</param>
    /// <param name="progress">Receives one line a seed.</param>
    /// <param name="beforeCheck">See <see cref="FaultRun.PlayAsync"/>.</param>
    public static async Task<CampaignResult> RunAsync(
        int first, int seeds, Action<string> progress, Action<SandboxServer, IReadOnlyList<OpenedFinding>>? beforeCheck,
        CancellationToken cancellationToken)
    {
        SeedResult[] results = new SeedResult[seeds];
        Lock printing = new();
        ParallelOptions options = new() { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, seeds), options, async (i, stop) =>
        {
            long started = TimeProvider.System.GetTimestamp();
            SeedResult result = results[i] = await PlayAsync(FaultSchedule.Draw(first + i), beforeCheck, stop);
            lock (printing)
            {
                Describe(result, TimeProvider.System.GetElapsedTime(started), progress);
            }
        });
        return new CampaignResult(results);
    }

    private static async Task<SeedResult> PlayAsync(
        FaultSchedule schedule, Action<SandboxServer, IReadOnlyList<OpenedFinding>>? beforeCheck, CancellationToken cancellationToken)
    {
        try
        {
            return await FaultRun.PlayAsync(schedule, beforeCheck, cancellationToken);
        }
        catch (Exception failure) when (failure is InvalidOperationException or TimeoutException)
        {
            return new SeedResult
            {
                Seed = schedule.Seed,
                Findings = [],
                Violations = [new Violation("the host to become idle", failure.Message) { Seed = schedule.Seed }],
                Injected = new Dictionary<string, int>(),
                Runs = 0,
                GitHubRequests = 0,
                RollbackBy = null,
            };
        }
    }

    private static void Describe(SeedResult result, TimeSpan time, Action<string> progress)
    {
        int impossible = result.Findings.Count(f => f.IsBlockedByFault);
        string rollback = result.RollbackBy is { } by ? $", rolled back by {by}" : "";
        progress(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {result.Seed}: {result.Findings.Count} issues, {result.Injected.Values.Sum()} faults, {result.Runs} runs, "
            + $"{result.GitHubRequests} requests; {result.Succeeded} of {result.Possible} succeeded, {impossible} impossible{rollback}; "
            + $"{result.Violations.Count} violations; {time.TotalSeconds:0.0} s"));
        foreach (Violation violation in result.Violations)
        {
            progress($"  VIOLATED {violation}");
        }

        foreach (FindingResult finding in result.Findings.Where(f => f.Problem.Length > 0))
        {
            progress($"  {(finding.IsBlockedByFault ? "impossible" : "UNSUCCESSFUL")} {finding.Issue}: {finding.Problem}");
        }
    }
}

/// <summary>The seeds of a campaign.</summary>
internal sealed record CampaignResult(IReadOnlyList<SeedResult> Seeds)
{
    public IReadOnlyList<Violation> Violations => [.. Seeds.SelectMany(s => s.Violations)];

    public int Possible => Seeds.Sum(s => s.Possible);

    public int Succeeded => Seeds.Sum(s => s.Succeeded);

    /// <summary>Share of the findings that no fault made impossible, and that succeeded.</summary>
    public double Success => Possible == 0 ? 1 : (double)Succeeded / Possible;

    public bool IsPassed => Violations.Count == 0 && Success >= FaultCampaign.RequiredSuccess;

    /// <summary>Faults by kind, over all seeds.</summary>
    public IReadOnlyDictionary<string, int> Injected => new SortedDictionary<string, int>(
        Seeds.SelectMany(s => s.Injected).GroupBy(i => i.Key).ToDictionary(g => g.Key, g => g.Sum(i => i.Value)), StringComparer.Ordinal);

    /// <summary>Seeds in which a kind of fault occurred.</summary>
    public int CountSeeds(string kind) => Seeds.Count(s => s.Injected.ContainsKey(kind));

    /// <summary>Findings by how their last run ended.</summary>
    public IReadOnlyDictionary<string, int> Outcomes => new SortedDictionary<string, int>(
        Seeds.SelectMany(s => s.Findings).CountBy(f => f.Outcome).ToDictionary(), StringComparer.Ordinal);
}
