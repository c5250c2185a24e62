using DurableTask.Sqlite;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Benchmarks;

/// <summary>
/// The whole pipeline: generated findings, started by the batch route of a new host, until Copilot is assigned to each. GitHub and model
/// are simulated in this process, so that CPU and memory are the host's own. Their rate limits pass too fast to matter; GitHub's own would
/// be all that is measured.
/// </summary>
internal static class PipelineBenchmark
{
    /// <summary>An hour of GitHub's limits passes in a second.</summary>
    private const double TimeScale = 3_600;

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        int issues = options.Instances ?? 200;
        await using HostOnSandbox setup = await HostOnSandbox.StartAsync(
            new SandboxOptions
            {
                Seeds = SeedSet.Empty,
                SyntheticIssues = issues,
                TimeScale = TimeScale,
            }, SeedCatalogue.SyntheticRepository, CancellationToken.None);
        using HostProcess host = setup.Launch();
        using HttpClient client = await setup.ConnectAsync(host, CancellationToken.None);
        TimeSpan cpu = host.CpuTime;
        Meter meter = new();
        await setup.ProcessBacklogAsync(client, CancellationToken.None);

        BenchmarkResult result = meter.Result(issues, options with { Durability = DurabilityMode.Full });
        double[] latencies = Latencies(setup);
        if (latencies.Length != issues)
        {
            throw new InvalidOperationException($"Of {issues} issues only {latencies.Length} went the whole way:\n{host.Output}");
        }

        SandboxStats stats = setup.Sandbox.Stats;
        long writes = stats.RestWrites + stats.GraphMutations;
        return result with
        {
            CpuSeconds = (host.CpuTime - cpu).TotalSeconds,
            PeakMemoryBytes = host.PeakMemoryBytes,
            P50Milliseconds = Meter.Percentile(latencies, 0.5),
            P95Milliseconds = Meter.Percentile(latencies, 0.95),
            P99Milliseconds = Meter.Percentile(latencies, 0.99),
            GitHubCallsPerIssue = stats.GitHubRequests / (double)issues,
            GitHubWritesPerIssue = writes / (double)issues,
            ModelTokens = stats.ModelPromptTokens + stats.ModelCompletionTokens,
        };
    }

    /// <summary>
    /// Returns the times from the durable start of each issue's run to its <c>copilot-assigned</c>, in milliseconds, ascending.
    /// </summary>
    private static double[] Latencies(HostOnSandbox setup)
    {
        Dictionary<string, DateTime> started = setup.Instances().ToDictionary(i => i.Id, i => i.Created, StringComparer.Ordinal);
        return
        [
            .. setup.Sandbox.Writes
                .Where(w => w is { Kind: WriteKind.LabelAdded, After: WorkflowLabels.CopilotAssigned, Effective: true })
                .Select(w => (w.At.UtcDateTime - started[IssueRef.Parse(w.Issue).InstanceId]).TotalMilliseconds)
                .Order(),
        ];
    }
}
