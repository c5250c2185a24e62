using System.Globalization;
using System.Text.Json;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>Runs the fault campaign as a command.</summary>
internal static class FaultsBenchmark
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>The exit code: 1 if an invariant does not hold, or too few issues succeeded.</returns>
    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        if (options is { Seeds: 1 })
        {
            Console.Write(FaultSchedule.Draw(options.Seed).Describe());
        }
        else
        {
            Say($"{options.Seeds} seeds from {options.Seed} on; repeat one with --seeds 1 --seed N");
        }

        CampaignResult result = await FaultCampaign.RunAsync(
            options.Seed, options.Seeds, Console.WriteLine, beforeCheck: null, CancellationToken.None);
        Print(result);
        if (options.Json is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(result, JsonOptions) + "\n");
        }

        return result.IsPassed ? 0 : 1;
    }

    private static void Print(CampaignResult result)
    {
        Say($"");
        Say($"| fault | injected | in seeds |");
        Say($"|---|---|---|");
        foreach ((string kind, int count) in result.Injected)
        {
            Say($"| {kind} | {count:N0} | {result.CountSeeds(kind):N0} |");
        }

        Say($"");
        Say($"| last run of an issue | issues |");
        Say($"|---|---|");
        foreach ((string outcome, int count) in result.Outcomes)
        {
            Say($"| {outcome} | {count:N0} |");
        }

        int findings = result.Seeds.Sum(s => s.Findings.Count);
        Say($"");
        Say($"{result.Seeds.Count} seeds, {findings:N0} issues, {result.Injected.Values.Sum():N0} faults.");
        Say($"{findings - result.Possible:N0} issues were made impossible; of the other {result.Possible:N0}, {result.Succeeded:N0} succeeded.");
        Say($"That is {result.Success:P2}, and {FaultCampaign.RequiredSuccess:P1} is required; {result.Violations.Count} violated invariants.");
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
