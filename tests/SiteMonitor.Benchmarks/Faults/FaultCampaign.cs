using System.Globalization;
using SiteMonitor.Sandbox;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>Plays seeds one after the other: schedules of faults in the simulators, and invariants that must hold after each.</summary>
internal static class FaultCampaign
{
    /// <summary>Share of the findings that no fault made impossible, and that must succeed.</summary>
    public const double RequiredSuccess = 0.995;

    /// <param name="first">The first seed; the others follow it.</param>
    /// <param name="progress">Receives one line a seed.</param>
    /// <param name="beforeCheck">See <see cref="FaultRun.PlayAsync"/>.</param>
    public static async Task<CampaignResult> RunAsync(
        int first, int seeds, Action<string> progress, Action<SandboxServer, IReadOnlyList<OpenedFinding>>? beforeCheck,
        CancellationToken cancellationToken)
    {
        List<SeedResult> results = [];
        foreach (int seed in Enumerable.Range(first, seeds))
        {
            long started = TimeProvider.System.GetTimestamp();
            SeedResult result = await PlayAsync(FaultSchedule.Draw(seed), beforeCheck, cancellationToken);
            results.Add(result);
            progress(Describe(result, TimeProvider.System.GetElapsedTime(started)));
            foreach (Violation violation in result.Violations)
            {
                progress($"  VIOLATED {violation}");
            }

            foreach (FindingResult finding in result.Findings.Where(f => f.Problem.Length > 0))
            {
                progress($"  {(finding.IsImpossible ? "impossible" : "UNSUCCESSFUL")} {finding.Issue}: {finding.Problem}");
            }
        }

        return new CampaignResult(results);
    }

    private static async Task<SeedResult> PlayAsync(
        FaultSchedule schedule, Action<SandboxServer, IReadOnlyList<OpenedFinding>>? beforeCheck, CancellationToken cancellationToken)
    {
        try
        {
            return await FaultRun.PlayAsync(schedule, beforeCheck, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is InvalidOperationException or TimeoutException)
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

    private static string Describe(SeedResult result, TimeSpan time)
    {
        int impossible = result.Findings.Count(f => f.IsImpossible);
        string rollback = result.RollbackBy is { } by ? $", rolled back by {by}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"seed {result.Seed}: {result.Findings.Count} issues, {result.Injected.Values.Sum()} faults, {result.Runs} runs, {result.GitHubRequests} requests; "
            + $"{result.Succeeded} of {result.Possible} succeeded, {impossible} impossible{rollback}; {result.Violations.Count} violations; {time.TotalSeconds:0.0} s");
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
