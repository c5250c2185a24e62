using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Tests.Integrations.GitHub.Sandbox;

public sealed class SandboxBatchTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    /// <summary>GitHub's windows, and our write interval with them, pass 120 times as fast.</summary>
    [Fact]
    public async Task A_Hundred_Issues_At_Once_Are_Never_Refused_By_A_Rate_Limit()
    {
        const int Issues = 100;
        await using SandboxTracker test = SandboxTracker.For(
            await SandboxTracker.StartAsync(o => o with { SyntheticIssues = Issues, Seeds = SeedSet.Empty, TimeScale = 120 }),
            ("WriteInterval", "00:00:00.0083"),
            ("MaxQueueWait", "00:00:00.250"),
            ("Limits:TimeScale", "120"));

        // The first one looks up the labels' ids and Copilot's.
        await RunAsync(test.Tracker, SandboxTracker.Issue(1, SeedCatalogue.SyntheticRepository));
        Usage usage = test.Usage;
        long requests = test.Server.Stats.GitHubRequests;
        await Task.WhenAll(Enumerable.Range(2, Issues - 1).Select(n => RunAsync(test.Tracker, SandboxTracker.Issue(n, SeedCatalogue.SyntheticRepository))));

        const int Others = Issues - 1;
        Assert.Equal(0, test.Server.Stats.RateLimited);
        Assert.Equal(requests + (5 * Others), test.Server.Stats.GitHubRequests);
        Assert.Equal(usage + new Usage { GitHubReads = 2 * Others, GitHubWrites = 3 * Others, CopilotSessions = Others }, test.Usage);
        Assert.All(test.Server.Issues(SeedCatalogue.SyntheticRepository), i => Assert.Contains("copilot-assigned", i.Labels));
    }

    private static async Task RunAsync(IIssueTracker tracker, IssueRef issue)
    {
        IssueSnapshot read = await PatientlyAsync(() => tracker.ReadAsync(issue, Token));
        await WriteAsync(tracker, read, new IssueChange { AddLabels = ["analyzing"] });
        read = await PatientlyAsync(() => tracker.ReadAsync(issue, Token));
        IssueChange guidance = new()
        {
            Body = read.Body + "\n\nguidance",
            AddLabels = ["osint-researcher", "processing"],
            RemoveLabels = ["site-monitor", "analyzing"],
        };
        Assert.True((await PatientlyAsync(() => tracker.AssignCopilotAsync(read, guidance, Token))).Copilot.Assigned);
        await WriteAsync(tracker, read, new IssueChange { AddLabels = ["copilot-assigned"], RemoveLabels = ["processing"], Comment = new CommentChange("why") });
    }

    private static Task<IssueSnapshot> WriteAsync(IIssueTracker tracker, IssueSnapshot issue, IssueChange change) =>
        PatientlyAsync(() => tracker.ApplyAsync(issue.Ref, issue.NodeId, change, Token));

    /// <summary>What an orchestration does with a limit: it waits on a timer and calls again.</summary>
    private static async Task<T> PatientlyAsync<T>(Func<Task<CallResult<T>>> call)
    {
        while (true)
        {
            CallResult<T> result = await call();
            if (result.RetryAt is not { } retryAt)
            {
                return result.Value!;
            }

            TimeSpan wait = retryAt - TimeProvider.System.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, TimeProvider.System, Token);
        }
    }
}
