using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Security;

/// <summary>Floods of issues: they cost a bounded amount, and hold nobody up.</summary>
public sealed class FloodTests
{
    /// <summary>The wall-clock figure is in the output: at the sandbox's limits it is to be below 30 s on a machine with nothing else to do.</summary>
    [Fact]
    public async Task An_Urgent_Issue_Behind_A_Flood_Of_500_Goes_Before_Most_Of_Them()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true, settings: new() { ["GitHub:WriteInterval"] = "00:00:00.0166667" });
        string text = SecurityApp.Text + new string('x', 62_000);
        IssueRef[] flood = [.. Enumerable.Range(0, 500).Select(i => SecurityApp.Open(app, $"Flood {i}", text, "mallory"))];
        long start = TimeProvider.System.GetTimestamp();
        IssueRef honest = SecurityApp.Open(app, SecurityApp.Title, SecurityApp.Text, "alice", "urgent");

        int before = -1;
        while (before < 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(5), "The urgent issue was not assigned within five minutes.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
            if (app.View(honest).Labels.Contains("copilot-assigned"))
            {
                before = CountAssigned(app, flood);
                TestContext.Current.TestOutputHelper?.WriteLine(
                    $"Assigned {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s after it was opened, with {before} of the flood before it.");
            }
        }

        UsageLimits limits = new();
        Assert.InRange(before, 0, limits.IssuesPerAuthorPerDay!.Value);
        await app.IdleAsync();
        RunRecord run = app.RecordsOf(honest).Single(r => r.Outcome == RunOutcome.Succeeded);
        TestContext.Current.TestOutputHelper?.WriteLine($"Its run took {(run.Ended - run.Started).TotalSeconds / PipelineApp.ClockFactor:0.0} s from its delivery on.");
        Assert.Equal(limits.IssuesPerAuthorPerDay, CountAssigned(app, flood));
        RunRecord[] deferred = [.. flood.SelectMany(app.RecordsOf).Where(r => r.ReasonCode == UsageDeferral.AuthorCode)];
        Assert.Equal(flood.Length - limits.IssuesPerAuthorPerDay, deferred.Select(r => r.Issue).Distinct().Count());
        Assert.All(deferred, r => Assert.Equal((0, 0), (r.Usage.GitHubWrites, r.Usage.ModelCalls)));
    }

    [Fact]
    public async Task One_Author_Has_A_Few_Runs_Under_Way_At_Once_And_Another_Goes_Between()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(
            webhooks: true, services: services => services.AddSingleton(PlanParseResult.Default with { Limits = new UsageLimits { RunsPerAuthorAtOnce = 1 } }));
        IssueRef[] flood = [.. Enumerable.Range(0, 20).Select(i => SecurityApp.Open(app, $"Flood {i}", $"{SecurityApp.Text} {i}", "mallory"))];
        IssueRef honest = SecurityApp.Open(app, SecurityApp.Title, SecurityApp.Text, "alice");
        await app.IdleAsync();

        DateTimeOffset[] ended = [.. flood.Select(issue => app.RecordsOf(issue).Single(r => r.Outcome == RunOutcome.Succeeded).Ended)];
        DateTimeOffset assigned = app.RecordsOf(honest).Single(r => r.Outcome == RunOutcome.Succeeded).Ended;

        Assert.InRange(ended.Count(end => end < assigned), 0, 10);
        Assert.All(flood, issue => Assert.Contains("copilot-assigned", app.View(issue).Labels));
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("mallory", 2)]
    [InlineData("MALLORY", 2)]
    [InlineData("trusted", 4)]
    [InlineData("monitor[bot]", 4)]
    public async Task At_The_Limit_An_Authors_Issues_Are_Deferred_Whatever_The_Account(string author, int admitted)
    {
        using UsageLimiter limiter = new(new MemoryLedger(), TimeProvider.System);
        UsageLimits limits = new() { IssuesPerAuthorPerDay = 2, TrustedAuthors = ["Trusted"] };

        int count = 0;
        for (int i = 0; i < 4; i++)
        {
            UsageRequest request = new($"run-{i}", $"o/r#{i}", author, IsTrusted: false);
            count += await limiter.TryAdmitAsync(limits, request, TestContext.Current.CancellationToken) is null ? 1 : 0;
        }

        Assert.Equal(admitted, count);
    }

    [Fact]
    public async Task Runs_Of_One_Author_Begin_In_Turn_And_Urgent_Ones_At_Once()
    {
        using UsageLimiter limiter = new(new MemoryLedger(), TimeProvider.System);
        UsageLimits limits = new() { RunsPerAuthorAtOnce = 2 };
        CancellationToken stop = TestContext.Current.CancellationToken;

        Assert.Null(await limiter.TryBeginAsync(limits, Request(1), stop));
        Assert.Null(await limiter.TryBeginAsync(limits, Request(2), stop));
        DateTimeOffset? third = await limiter.TryBeginAsync(limits, Request(3), stop);
        DateTimeOffset? fourth = await limiter.TryBeginAsync(limits, Request(4), stop);
        Assert.Null(await limiter.TryBeginAsync(limits, Request(5) with { IsUrgent = true }, stop));
        Assert.Null(await limiter.TryBeginAsync(limits, Request(6) with { Author = "alice" }, stop));
        Assert.Null(await limiter.TryBeginAsync(limits, Request(1), stop));
        await limiter.CompleteAsync(Core.Reporting.Records.Run(1) with { RunId = "run-1" }, stop);
        await limiter.CompleteAsync(Core.Reporting.Records.Run(5) with { RunId = "run-5" }, stop);

        Assert.True(third < fourth, "Each waits for a time of its own.");
        Assert.Null(await limiter.TryBeginAsync(limits, Request(3), stop));
        Assert.NotNull(await limiter.TryBeginAsync(limits, Request(4), stop));
    }

    private static UsageRequest Request(int run) => new($"run-{run}", $"o/r#{run}", "mallory", IsTrusted: false);

    private static int CountAssigned(PipelineApp app, IEnumerable<IssueRef> issues) => issues.Count(issue => app.View(issue).Labels.Contains("copilot-assigned"));
}
