using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Sandbox.Control;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>Whoever can open issues cannot spend without bound.</summary>
public sealed class UsageLimitTests
{
    [Fact]
    public async Task At_The_Limit_An_Issue_Stays_As_It_Is_And_Others_Go_On()
    {
        await using PipelineApp app = await StartAsync(new UsageLimits { IssuesPerAuthorPerDay = 2 });
        IssueRef[] flood = [.. Enumerable.Range(0, 4).Select(_ => Open(app, "mallory"))];
        IssueRef honest = Open(app, "alice");

        await app.PostAsync("api/pipeline/batch", new BatchRequest { BatchSize = 50 });
        await app.IdleAsync();

        Assert.Contains("copilot-assigned", app.View(honest).Labels);
        Assert.Equal(2, flood.Count(issue => app.View(issue).Labels.Contains("copilot-assigned")));
        IssueRef deferred = flood.First(issue => !app.View(issue).Labels.Contains("copilot-assigned"));
        Assert.Equal(["site-monitor"], app.View(deferred).Labels);
        Assert.Empty(app.View(deferred).Comments);
        RunRecord record = app.RecordsOf(deferred)[^1];
        Assert.Equal((RunOutcome.Skipped, UsageDeferral.AuthorCode), (record.Outcome, record.ReasonCode));
        Assert.Equal(UsageLimiter.GetAuthorKey("mallory"), record.AuthorKey);
        Assert.Equal((0, 0), (record.Usage.GitHubWrites, record.Usage.ModelCalls));
    }

    [Fact]
    public async Task A_Start_By_Hand_Has_No_Limit_For_Its_Author_And_Counts_Its_Copilot_Session()
    {
        await using PipelineApp app = await StartAsync(new UsageLimits { IssuesPerAuthorPerDay = 0 });

        RunRecord record = await app.RunAsync(Open(app, "mallory"));

        Assert.Equal((RunOutcome.Succeeded, 1), (record.Outcome, record.Usage.CopilotSessions));
    }

    private static Task<PipelineApp> StartAsync(UsageLimits limits) =>
        PipelineApp.StartAsync(services: services => services.AddSingleton(PlanParseResult.Default with { Limits = limits }));

    private static IssueRef Open(PipelineApp app, string author) => IssueRef.Parse($"{PipelineApp.Repository}#" + app.GitHub.Perform(new UserAction
    {
        Do = UserActionKind.Open,
        Value = "New ransomware campaign against grid operators",
        Text = "A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware against grid operators. It exploits CVE-2025-21418.",
        Labels = ["site-monitor"],
        Login = author,
    })!.Number);
}
