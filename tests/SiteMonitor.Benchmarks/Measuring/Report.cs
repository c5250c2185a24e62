using System.Globalization;
using System.Text.Json;

namespace SiteMonitor.Benchmarks;

/// <summary>Prints figures as a table with the ratio to the last run kept in the repository, and writes them as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task WriteAsync(string benchmark, BenchmarkResult result, BenchmarkOptions options)
    {
        BenchmarkReport? previous = await PreviousAsync(benchmark);
        double? ratio = previous is not null && Speed(previous.Result) is > 0 and < double.PositiveInfinity
            ? Speed(result) / Speed(previous.Result)
            : null;
        BenchmarkReport report = new(
            benchmark, result.InstancesPerSecond, DateTimeOffset.FromUnixTimeSeconds(
                TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()), MachineInfo.Current, ratio, result);
        Print(report);
        if (options.Json is { } path)
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(report, JsonOptions) + "\n");
        }
    }

    /// <summary>Work per second if work was counted, else the inverse of the median latency: more is better either way.</summary>
    private static double Speed(BenchmarkResult result) =>
        result.InstancesPerSecond > 0 ? result.InstancesPerSecond : 1 / result.P50Milliseconds;

    private static async Task<BenchmarkReport?> PreviousAsync(string benchmark)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "tests", "SiteMonitor.Benchmarks", "results", $"{benchmark}.json");
            if (File.Exists(path))
            {
                return JsonSerializer.Deserialize<BenchmarkReport>(await File.ReadAllTextAsync(path), JsonOptions);
            }
        }

        return null;
    }

    private static void Print(BenchmarkReport report)
    {
        MachineInfo machine = report.Machine;
        Line(
            $"{report.Benchmark} — {machine.Processors} × {machine.Processor}, {machine.Os}, {machine.Runtime}, SQLite {machine.Sqlite}, durability {report.Result.Durability}");
        if (report.Result.Runs is [{ Case: not null, InstancesPerSecond: 0 }, ..] cases)
        {
            PrintCases(cases);
            return;
        }

        Line($"{"instances",10} {"seconds",9} {"per second",11} {"p50 ms",9} {"p99 ms",9} {"CPU s",8} {"peak MB",8} {"bytes each",11}");
        foreach (BenchmarkResult run in report.Result.Runs ?? [report.Result])
        {
            Line(
                $"{run.Instances,10:N0} {run.Seconds,9:N2} {run.InstancesPerSecond,11:N0} {run.P50Milliseconds,9:N2} {run.P99Milliseconds,9:N2} {run.CpuSeconds,8:N2} {run.PeakMemoryBytes / 1048576.0,8:N0} {run.BytesPerInstance,11:N0}{(run.Case is null ? string.Empty : $"  {run.Case}")}");
        }

        if (report.Result is { GitHubCallsPerIssue: > 0 } pipeline)
        {
            Line(
                $"p95 {pipeline.P95Milliseconds:N0} ms; GitHub calls an issue {pipeline.GitHubCallsPerIssue:N2}, {pipeline.GitHubWritesPerIssue:N2} of them writes; {pipeline.ModelTokens:N0} model tokens");
        }

        if (report.RatioToPrevious is { } ratio)
        {
            Line($"{ratio:N2} × the run kept in the repository");
        }
    }

    private static void PrintCases(IReadOnlyList<BenchmarkResult> cases)
    {
        if (cases[0].FirstMilliseconds > 0)
        {
            Line($"{"case",-42} {"first ms",9} {"p50 ms",7} {"p95 ms",7} {"peak MB",8}");
            foreach (BenchmarkResult run in cases)
            {
                Line(
                    $"{run.Case,-42} {run.FirstMilliseconds,9:N0} {run.P50Milliseconds,7:N0} {run.P95Milliseconds,7:N0} {run.PeakMemoryBytes / 1048576.0,8:N0}");
            }

            return;
        }

        Line($"{"case",-42} {"answer s",9} {"last unified write after s",27} {"issues",7} {"unified",8}");
        foreach (BenchmarkResult run in cases)
        {
            Line($"{run.Case,-42} {run.AnswerSeconds,9:N2} {run.LastWriteSeconds,27:N2} {run.Instances,7:N0} {run.UnifiedIssues,8:N0}");
        }
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
