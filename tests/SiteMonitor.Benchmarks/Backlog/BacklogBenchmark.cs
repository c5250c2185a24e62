using System.Globalization;
using System.Text.Json;

namespace SiteMonitor.Benchmarks.Backlog;

/// <summary>Measures on simulated time how much of GitHub's limits instances that share a credential use for a backlog.</summary>
internal static class BacklogBenchmark
{
    private static readonly int[] InstanceCounts = [1, 2, 4, 10];
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task RunAsync(BenchmarkOptions options)
    {
        int issues = options.Instances ?? 1000;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{issues:N0} issues of four repositories at once, one credential, seed {options.Seed}"));
        Console.WriteLine();
        Console.WriteLine("| instances | refusals | of what the limits allow | hours | fairness | first issue | urgent issue | webhook's issue "
            + "| requests an issue | store calls a write |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        List<BacklogFigures> all = [];
        foreach (int instances in InstanceCounts)
        {
            using BacklogSimulation simulation = new(issues, instances, options.Seed);
            BacklogFigures run = await simulation.RunAsync();
            all.Add(run);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {run.Instances} | {run.Refusals} | {run.Ratio * 100:0.0} % | {run.Hours:0.00} | {run.Fairness:0.00} | {run.FirstIssueSeconds:0} s "
                    + $"| {run.UrgentSeconds:0} s | {run.WebhookSeconds:0} s | {run.RequestsPerIssue:0.0} | {run.StoreCallsPerWrite:0.00} |"));
        }

        foreach (BacklogFigures run in all.Where(r => r.Refusals > 0))
        {
            Console.WriteLine($"{run.Instances} instances were refused by: {run.RefusedBy}.");
        }

        if (options.Json is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(all, JsonOptions) + "\n");
        }
    }
}
