using System.Globalization;
using System.Text.Json;
using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Benchmarks;

/// <summary>How soon the guard fires at an error rate, and how often without cause, for several arrival patterns, with the guard's own code.</summary>
internal static class GuardBenchmark
{
    private const int FalseAlarmRuns = 1200;
    private const double HealthyShare = 0.01;
    private static readonly int[] s_percentages = [100, 50, 20, 10, 5];
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly (string Name, Func<Random, IEnumerable<TimeSpan>> Spacing)[] s_patterns =
    [
        ("steady, one every 16 min", _ => Steady(TimeSpan.FromMinutes(16))),
        ("steady, 19 a week", _ => Steady(TimeSpan.FromDays(7) / 19)),
        ("bursts of 25 every 4 h", _ => Bursts(25, TimeSpan.FromHours(4))),
        ("Poisson, 5 a day", random => Poisson(5, random)),
        ("Poisson, 20 a day", random => Poisson(20, random)),
        ("Poisson, 70 a day", random => Poisson(70, random)),
    ];

    public static async Task RunAsync(BenchmarkOptions options)
    {
        int trials = options.Instances ?? 1000;
        int seed = options.Seed;
        GuardPlan plan = PlanParseResult.Default.Guard;
        PatternResult[] results = [.. s_patterns.AsParallel().AsOrdered().Select(p => Measure(p.Name, p.Spacing, plan, trials, seed))];
        Console.WriteLine(
            $"Median runs until the error signal fires, {trials:N0} simulations each, seed {seed}; false alarms: share of {trials:N0} × {FalseAlarmRuns:N0} runs at 1 % that fire.");
        Console.WriteLine();
        Console.WriteLine($"| arrivals | false alarms | {string.Join(" | ", s_percentages.Select(p => $"{p} % failing"))} |");
        Console.WriteLine($"|---|---|{string.Concat(Enumerable.Repeat("---|", s_percentages.Length))}");
        foreach (PatternResult result in results)
        {
            string medians = string.Join(" | ", s_percentages.Select(p => result.RunsToFire[Key(p)]?.ToString(CultureInfo.InvariantCulture) ?? "–"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {result.Pattern} | {result.FalseAlarmsPer1200At1Percent * 100:0.0} % | {medians} |"));
        }

        if (options.Json is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(results, s_json) + "\n");
        }
    }

    private static PatternResult Measure(string name, Func<Random, IEnumerable<TimeSpan>> spacing, GuardPlan plan, int trials, int seed)
    {
        var random = new Random(seed);
        int alarms = Enumerable.Range(0, trials)
            .Count(_ => GuardSimulation.CountRunsToFire(plan, HealthyShare, spacing(random), FalseAlarmRuns, random) is not null);
        Dictionary<string, int?> medians = s_percentages.ToDictionary(
            Key,
            p => GuardSimulation.MedianRunsToFire(plan, p / 100.0, spacing, trials, limit: 2000, seed));
        return new PatternResult(name, (double)alarms / trials, medians);
    }

    private static string Key(int percentage) => percentage.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<TimeSpan> Steady(TimeSpan pause)
    {
        while (true)
        {
            yield return pause;
        }
    }

    private static IEnumerable<TimeSpan> Bursts(int size, TimeSpan pause)
    {
        for (int i = 0; ; i++)
        {
            yield return i % size == 0 ? pause : TimeSpan.FromMilliseconds(100);
        }
    }

    private static IEnumerable<TimeSpan> Poisson(double perDay, Random random)
    {
        while (true)
        {
            yield return TimeSpan.FromDays(-Math.Log(1 - random.NextDouble()) / perDay);
        }
    }

    private sealed record PatternResult(string Pattern, double FalseAlarmsPer1200At1Percent, IReadOnlyDictionary<string, int?> RunsToFire);
}
