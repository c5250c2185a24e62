using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Functions.Triggers.Batches;
using SiteMonitor.LocalHost.Scenarios;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Tests.Infrastructure;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What a limit of the plan deferred is started again when there is room.</summary>
public sealed class DeferredIssueTests
{
    private const int LimitPerAuthor = 2;

    private static readonly Dictionary<string, string?> TimerOff = new() { ["AzureWebJobs.DeferredIssues.Disabled"] = "true" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("soft-launch")]
    [InlineData("parallel")]
    public async Task A_Deferred_Issue_Is_Taken_Up_When_There_Is_Room_Though_The_Four_Hourly_Timer_Is_Off(string phase)
    {
        using TestDirectory directory = new();
        JsonNode plan = JsonNode.Parse(PlanParseResult.DefaultText())!;
        plan["limits"] = new JsonObject { ["issuesPerAuthorPerDay"] = LimitPerAuthor };
        string file = Path.Combine(directory.Path, "plan.json");
        await File.WriteAllTextAsync(file, plan.ToJsonString(), Stop);
        await using ScenarioHost host = await ScenarioHost.StartAsync(Path.Combine(directory.Path, "data"), RepositoryRoot.Path, phase, Stop, plan: file);
        for (int i = 0; i < LimitPerAuthor + 1; i++)
        {
            host.GitHub.Perform(new UserAction
            {
                Do = UserActionKind.Open,
                Value = "New ransomware campaign against grid operators",
                Text = "An apt, a threat-actor tracked as APT-C-39, runs a geopolitical ransomware campaign.",
                Labels = ["site-monitor", "threat-assessment", "strategic-analysis"],
                Login = "mallory",
            });
        }

        await host.RunUntilIdleAsync(Stop);
        if (phase == "soft-launch")
        {
            // No webhook starts anything there.
            await host.BatchAsync(Stop);
            await host.RunUntilIdleAsync(Stop);
        }

        RunRecord deferred = Assert.Single(await ReadRunsAsync(host), r => r.ReasonCode == UsageDeferral.AuthorCode);

        await host.AdvanceAsync(TimeSpan.FromHours(12), Stop);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Stop);
        await host.RunUntilIdleAsync(Stop);
        Assert.Equal([deferred.RunId], (await ReadRunsAsync(host)).Where(r => r.Issue == deferred.Issue).Select(r => r.RunId));

        await host.AdvanceAsync(TimeSpan.FromHours(13), Stop);
        RunRecord[] runs = [];
        for (int i = 0; i < 600 && runs.Length < 2; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
            runs = [.. (await ReadRunsAsync(host)).Where(r => r.Issue == deferred.Issue)];
        }

        Assert.Equal([RunOutcome.Skipped, RunOutcome.Succeeded], runs.Select(r => r.Outcome));
        Assert.Equal(deferred.Trigger, runs[^1].Trigger);
    }

    [Fact]
    public async Task While_The_Limit_Is_Used_Up_A_Deferred_Issue_Waits_Without_A_Request()
    {
        await using PipelineApp app = await StartAsync(new UsageLimits { IssuesPerAuthorPerDay = 1 });
        IssueRef issue = app.OpenClear();
        await app.Ledger.AppendAsync(Run(app, issue, hoursAgo: 26), Stop);
        await app.Ledger.AppendAsync(Run(app, issue, hoursAgo: 1) with { Issue = $"{PipelineApp.Repository}#900", Outcome = RunOutcome.Succeeded }, Stop);
        long requests = app.GitHub.Stats.GitHubRequests;

        await FireAsync(app);

        Assert.Equal(requests, app.GitHub.Stats.GitHubRequests);
        Assert.Single(app.RecordsOf(issue));
    }

    [Theory]
    [InlineData(TriggerNames.Webhook, "AutomaticTriggers")]
    [InlineData(TriggerNames.Timer, "AutomaticTriggers.Timer")]
    public async Task While_Its_Switch_Is_Off_A_Deferred_Issue_Waits(string trigger, string flag)
    {
        await using PipelineApp app = await StartAsync(new UsageLimits());
        IssueRef issue = app.OpenClear();
        await app.Ledger.AppendAsync(Run(app, issue, hoursAgo: 26) with { Trigger = trigger }, Stop);

        app.Flags.Off(flag);
        await FireAsync(app);
        Assert.Single(app.RecordsOf(issue));

        app.Flags.On(flag);
        await FireAsync(app);
        await FireAsync(app);
        Assert.Equal([RunOutcome.Skipped, RunOutcome.Succeeded], app.RecordsOf(issue).Select(r => r.Outcome));
    }

    [Theory]
    [InlineData(RunKind.Run)]
    [InlineData(RunKind.Undo)]
    [InlineData(RunKind.Completion)]
    public async Task What_Happened_To_The_Issue_Since_It_Was_Deferred_Counts(RunKind kind)
    {
        await using PipelineApp app = await StartAsync(new UsageLimits());
        IssueRef issue = app.OpenClear();
        await app.Ledger.AppendAsync(Run(app, issue, hoursAgo: 26), Stop);
        await app.Ledger.AppendAsync(Run(app, issue, hoursAgo: 3) with { Kind = kind, ReasonCode = "other" }, Stop);

        await FireAsync(app);

        Assert.Equal(2, app.RecordsOf(issue).Count);
    }

    [Fact]
    public async Task An_Old_Command_Uses_Neither_Model_Nor_Copilot_And_Has_No_Limit()
    {
        await using PipelineApp app = await StartAsync(new UsageLimits { CopilotSessionsPerDay = 0, DollarsPerDay = 0 });
        app.Flags.OldCommands("available");
        IssueRef issue = app.OpenForBoth();

        await app.PostAsync("api/commands/assign-workflows", new CommandRequest { Issue = issue.Number });
        await app.IdleAsync();

        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue), r => r.Kind == RunKind.Run).Outcome);
    }

    private static Task<PipelineApp> StartAsync(UsageLimits limits) => PipelineApp.StartAsync(
        services: services => services.AddSingleton(PlanParseResult.Default with { Limits = limits }), settings: TimerOff);

    /// <summary>A run that the author's limit deferred.</summary>
    private static RunRecord Run(PipelineApp app, IssueRef issue, double hoursAgo) => new()
    {
        Kind = RunKind.Run,
        RunId = Guid.NewGuid().ToString("N"),
        Issue = issue.Canonical,
        Trigger = TriggerNames.Webhook,
        Outcome = RunOutcome.Skipped,
        ReasonCode = UsageDeferral.AuthorCode,
        AuthorKey = UsageLimiter.GetAuthorKey("mallory"),
        LabelsBefore = ["site-monitor"],
        Started = app.Clock.GetUtcNow().AddHours(-hoursAgo),
        Ended = app.Clock.GetUtcNow().AddHours(-hoursAgo),
    };

    private static async Task FireAsync(PipelineApp app)
    {
        await ActivatorUtilities.CreateInstance<DeferredIssues>(app.Services).RunAsync(new TimerInfo(), app.Durable, Stop);
        await app.IdleAsync();
    }

    private static async Task<RunRecord[]> ReadRunsAsync(ScenarioHost host) => await host.Services.GetRequiredService<IRunLedger>()
        .QueryAsync(new LedgerQuery(Kind: RunKind.Run), Stop)
        .ToArrayAsync(Stop);
}
