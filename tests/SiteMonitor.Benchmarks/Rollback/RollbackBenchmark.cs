using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DurableTask.Sqlite;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.LocalHost.Scenarios;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Benchmarks.Rollback;

/// <summary>
/// How fast a rollback stops the unified pipeline while issues keep coming: by the operator's command and by a flag changed outside, on a
/// flag file and on a simulated Azure App Configuration. The figure is the last unified write after the request; at the end no issue may be
/// left half prepared.
/// </summary>
internal static class RollbackBenchmark
{
    private const double TimeScale = 3_600;
    private const int Warm = 40;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    /// <summary>Longer than the maximum age of a snapshot (30 s), so that a flag that is never read again would be noticed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(6);

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        List<BenchmarkResult> runs = [];
        foreach ((string name, bool store, bool command) in new[]
        {
            ("flag file, rollout rollback", false, true),
            ("flag file, edited by hand", false, false),
            ("App Configuration, rollout rollback", true, true),
            ("App Configuration, flipped in the portal", true, false),
        })
        {
            runs.Add(await MeasureAsync(name, store, command, CancellationToken.None));
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{name}: last unified write after {runs[^1].LastWriteSeconds:0.00} s"));
        }

        return runs[^1] with { Case = null, Runs = runs, Durability = DurabilityMode.Full.ToString() };
    }

    private static async Task<BenchmarkResult> MeasureAsync(string name, bool store, bool command, CancellationToken cancellationToken)
    {
        await using BenchmarkFlags? flags = store ? await BenchmarkFlags.StartAsync(cancellationToken) : null;
        await using HostOnSandbox setup = await HostOnSandbox.StartAsync(
            new SandboxOptions { Seeds = SeedSet.Empty, TimeScale = TimeScale }, SeedCatalogue.Repository, cancellationToken, flags is null
                ? []
                : [new("AppConfiguration:ConnectionString", flags.ConnectionString)]);
        using HostProcess host = setup.Launch();
        using HttpClient client = await setup.ConnectAsync(host, cancellationToken);
        ScenarioIssues issues = new(setup.Sandbox);
        await OpenUntilAsync(issues, () => HandedOver(setup).Length >= Warm, cancellationToken);

        Meter meter = new();
        DateTimeOffset asked = TimeProvider.System.GetUtcNow();
        await (command ? OrderAsync(client, cancellationToken) : FlipAsync(setup, flags, cancellationToken));
        double answered = (TimeProvider.System.GetUtcNow() - asked).TotalSeconds;
        await OpenUntilAsync(issues, () => IsQuiet(setup, asked), cancellationToken);
        await setup.WhenIdleAsync(cancellationToken);

        WriteEntry[] unified = HandedOver(setup);
        Verify(setup, unified, issues.Opened);
        return meter.Result(issues.Opened, new BenchmarkOptions()) with
        {
            Case = name,
            AnswerSeconds = answered,
            LastWriteSeconds = Math.Max(0, (unified[^1].At - asked).TotalSeconds),
            UnifiedIssues = unified.Length,
            CpuSeconds = host.CpuTime.TotalSeconds,
            PeakMemoryBytes = host.PeakMemoryBytes,
        };
    }

    /// <summary>Only the unified preparation assigns Copilot, as its last write but one.</summary>
    private static WriteEntry[] HandedOver(HostOnSandbox setup) =>
        [.. setup.Sandbox.Writes.Where(w => w is { Kind: WriteKind.Assigned, Effective: true })];

    private static bool IsQuiet(HostOnSandbox setup, DateTimeOffset asked)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset last = HandedOver(setup)[^1].At;
        return now - asked > QuietPeriod && now - last > QuietPeriod
            ? true
            : now - asked < Patience
                ? false
                : throw new InvalidOperationException($"Unified writes go on {Patience.TotalSeconds:0} s after the rollback.");
    }

    private static async Task OpenUntilAsync(ScenarioIssues issues, Func<bool> isEnough, CancellationToken cancellationToken)
    {
        while (!isEnough())
        {
            issues.Open(1);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task OrderAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync(
            "rollout/rollback", new { @operator = "bench", reason = "measured" }, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task FlipAsync(HostOnSandbox setup, BenchmarkFlags? flags, CancellationToken cancellationToken)
    {
        if (flags is not null)
        {
            flags.SwitchOff(FlagNames.UnifiedPipeline);
            return;
        }

        JsonNode document = JsonNode.Parse(await File.ReadAllTextAsync(setup.FlagsFile, cancellationToken))!;
        JsonNode flag = document["feature_management"]!["feature_flags"]!.AsArray().Single(
            f => (string?)f!["id"] == FlagNames.UnifiedPipeline)!;
        flag["enabled"] = false;
        await File.WriteAllTextAsync(setup.FlagsFile, document.ToJsonString(), cancellationToken);
    }

    /// <summary>Checks that each issue is either fully handed over or as the old logic leaves it.</summary>
    private static void Verify(HostOnSandbox setup, WriteEntry[] unified, int opened)
    {
        HashSet<string> prepared = [.. unified.Select(w => w.Issue)];
        string[] faults =
        [
            .. setup.Sandbox.Issues().SelectMany(issue => FaultsOf(issue, prepared.Contains($"{SeedCatalogue.Repository}#{issue.Number}"))),
            .. prepared.Count < opened ? Array.Empty<string>() : ["every issue was done before the rollback took effect"],
        ];
        if (faults.Length > 0)
        {
            throw new InvalidOperationException(string.Join('\n', faults));
        }
    }

    private static IEnumerable<string> FaultsOf(IssueView issue, bool prepared)
    {
        if (issue.Labels.Contains("analyzing") || issue.Labels.Contains("processing"))
        {
            yield return $"#{issue.Number} is left with {string.Join(", ", issue.Labels)}";
        }

        if (prepared != issue.Labels.Contains("copilot-assigned"))
        {
            yield return $"#{issue.Number} is half prepared: {string.Join(", ", issue.Labels)}";
        }
    }
}
