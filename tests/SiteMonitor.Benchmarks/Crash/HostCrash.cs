using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Benchmarks.Crash;

/// <summary>
/// The crash campaign against the whole host. A simulated GitHub in this process outlives every kill. The seeds are started by the batch
/// route, further issues by signed deliveries; hosts are killed (SIGKILL) at random moments, including their start. The last host must
/// finish what was accepted without being told again.
/// </summary>
public static class HostCrash
{
    private const int MaxIssuesPerRound = 3;
    private const int RoundsPerBatch = 4;

    /// <summary>GitHub's limits pass so fast that no round waits for them.</summary>
    private const double TimeScale = 3_600;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Longest wait of a round for its deliveries to be accepted.</summary>
    private static readonly TimeSpan MaxDeliveryWait = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that a host works before it is killed.</summary>
    private static readonly TimeSpan MaxRunTime = TimeSpan.FromMilliseconds(1_000);

    /// <summary>Longest time before a host is killed during its start.</summary>
    private static readonly TimeSpan MaxStartTime = TimeSpan.FromMilliseconds(1_500);

    public static async Task<HostCrashResult> RunAsync(int kills, int seed, CancellationToken cancellationToken)
    {
        Random random = new(seed);
        await using HostOnSandbox setup = await HostOnSandbox.StartAsync(
            new SandboxOptions { TimeScale = TimeScale }, SeedCatalogue.Repository, cancellationToken);
        List<OpenedIssue> opened = [];
        for (int kill = 0; kill < kills; kill++)
        {
            using HostProcess victim = setup.Launch();
            if (random.Next(6) == 0)
            {
                await Task.Delay(MaxStartTime * random.NextDouble(), TimeProvider.System, cancellationToken);
            }
            else
            {
                await WorkAsync(setup, victim, opened, batch: kill % RoundsPerBatch == 0, random, cancellationToken);
            }

            victim.Kill();
        }

        return await FinishAsync(setup, kills, opened, cancellationToken);
    }

    private static async Task WorkAsync(
        HostOnSandbox setup, HostProcess victim, List<OpenedIssue> opened, bool batch, Random random, CancellationToken cancellationToken)
    {
        using HttpClient client = await setup.ConnectAsync(victim, cancellationToken);
        if (batch)
        {
            await HostOnSandbox.StartBatchAsync(client, cancellationToken);
        }

        int before = opened.Count;
        for (int n = random.Next(MaxIssuesPerRound + 1); n > 0; n--)
        {
            (string title, string body, string specialist) = SyntheticFindings.Of(opened.Count);
            IssueView issue = setup.Sandbox.Perform(
                new UserAction { Do = UserActionKind.Open, Value = title, Text = body, Labels = ["site-monitor"] })!;
            opened.Add(new OpenedIssue(issue.Number, specialist));
        }

        if (random.Next(2) == 0)
        {
            await WhenAcceptedAsync(setup.Sandbox, opened[before..], cancellationToken);
        }

        await Task.Delay(MaxRunTime * random.NextDouble(), TimeProvider.System, cancellationToken);
    }

    private static async Task<HostCrashResult> FinishAsync(HostOnSandbox setup, int kills, List<OpenedIssue> opened,
    CancellationToken cancellationToken)
    {
        using HostProcess last = setup.Launch();
        using HttpClient client = await setup.ConnectAsync(last, cancellationToken);
        await setup.WhenIdleAsync(cancellationToken);
        OpenedIssue[] accepted = [.. opened.Where(issue => IsAccepted(setup.Sandbox, issue))];
        List<string> faults = [.. accepted.SelectMany(
            issue => HostCrashModel.FaultsOf(setup.Sandbox, issue)).Select(fault => $"accepted, and lost: {fault}")];

        // GitHub does not redeliver by itself; deliveries that no host accepted wait for the batch.
        await setup.ProcessBacklogAsync(client, cancellationToken);

        faults.AddRange(await HostCrashModel.FaultsAsync(setup, opened, cancellationToken));
        WriteEntry[] writes = [.. setup.Sandbox.Writes.Where(HostCrashModel.IsOurs)];
        return new HostCrashResult(kills, opened.Count, accepted.Length, writes.Length, writes.Count(w => !w.Effective), faults)
        {
            Failures = [.. HostCrashModel.DescribeFailures(await setup.RecordsAsync(cancellationToken))],
        };
    }

    private static async Task WhenAcceptedAsync(SandboxServer sandbox, List<OpenedIssue> issues, CancellationToken cancellationToken)
    {
        DateTimeOffset until = TimeProvider.System.GetUtcNow() + MaxDeliveryWait;
        while (TimeProvider.System.GetUtcNow() < until && !issues.TrueForAll(issue => IsAccepted(sandbox, issue)))
        {
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    private static bool IsAccepted(SandboxServer sandbox, OpenedIssue issue) =>
        sandbox.Deliveries.Any(d => d.Number == issue.Number && d is { Event: "issues", Action: "opened" or "labeled", Status: 202 });
}

/// <summary>Figures of a crash campaign against the whole host, and what is wrong after it.</summary>
/// <param name="Opened">Issues opened between the kills, in addition to the seeds.</param>
/// <param name="Accepted">Opened issues whose delivery the host answered with 202.</param>
/// <param name="Writes">Writes of the host that the simulated GitHub accepted.</param>
/// <param name="Repeated">Writes that changed nothing: repeated because a kill kept their response from being recorded.</param>
/// <param name="Faults">One sentence each; empty if everything is right.</param>
public sealed record HostCrashResult(int Kills, int Opened, int Accepted, int Writes, int Repeated, IReadOnlyList<string> Faults)
{
    /// <summary>Runs that failed, by their code. They are no faults if the issue was processed afterwards, but kills should cause none.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];
}
