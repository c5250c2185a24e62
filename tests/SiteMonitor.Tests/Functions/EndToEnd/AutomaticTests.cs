using System.Net;
using System.Net.Http.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Triggers.Batches;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What starts by itself, and what it leaves alone.</summary>
public sealed class AutomaticTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Timer_Takes_Up_What_No_Webhook_Brought_In()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        await FireTimerAsync(app);

        Assert.Equal((RunOutcome.Succeeded, TriggerNames.Timer), Assert.Single(app.RecordsOf(issue).Select(r => (r.Outcome, r.Trigger))));
    }

    [Fact]
    public async Task What_Is_Assigned_To_A_Person_Is_Left_Alone_Unless_Somebody_Starts_It_By_Hand()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.Person(UserActionKind.Assign, issue, "mona-lisa");

        await FireTimerAsync(app);
        await app.PostAsync("api/pipeline/batch", new BatchRequest());
        Assert.Empty(app.RecordsOf(issue));

        await app.Http.SendAsync(DeliveryBuilder.Labeled(issue.Number, "site-monitor", "site-monitor").Build(), Stop);
        await app.IdleAsync();
        RunRecord skipped = Assert.Single(app.RecordsOf(issue));
        Assert.Equal((RunOutcome.Skipped, SkipCodes.AssignedToPerson), (skipped.Outcome, skipped.ReasonCode));
        Assert.Equal(["site-monitor"], app.View(issue).Labels);
        Assert.Equal((0, 0), (skipped.Usage.GitHubWrites, skipped.Usage.ModelCalls));

        Assert.Equal(RunOutcome.Succeeded, (await app.RunAsync(issue)).Outcome);
        Assert.Contains("mona-lisa", app.View(issue).Assignees);
    }

    [Fact]
    public async Task Switched_Off_The_Timer_Starts_Nothing()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("AutomaticTriggers.Timer");
        app.OpenClear();

        await FireTimerAsync(app);

        Assert.Empty(app.Ledger.Records);
    }

    [Fact]
    public async Task What_The_Legacy_Logic_Has_Handled_Is_Left_Alone_Until_Somebody_Changes_It()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline");
        IssueRef issue = app.OpenForBoth();
        await FireTimerAsync(app);
        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome);

        await FireTimerAsync(app);
        await app.Http.SendAsync(DeliveryBuilder.Labeled(issue.Number, "urgent", "site-monitor", "intelligence-analyst", "urgent").Build(), Stop);
        await app.IdleAsync();

        Assert.Equal([RunOutcome.Succeeded, RunOutcome.Skipped], app.RecordsOf(issue).Select(r => r.Outcome));
        Assert.Equal("handled-before", app.RecordsOf(issue)[1].ReasonCode);
        Assert.Equal((1, 0), (app.RecordsOf(issue)[1].Usage.GitHubReads, app.RecordsOf(issue)[1].Usage.GitHubWrites));

        app.Person(UserActionKind.AppendToBody, issue, text: "\n\nMore.");
        await app.Http.SendAsync(DeliveryBuilder.Labeled(issue.Number, "urgent", "site-monitor", "intelligence-analyst", "urgent").Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(RunOutcome.Succeeded, app.RecordsOf(issue)[^1].Outcome);
    }

    [Theory]
    [InlineData(WaitCodes.WriteRefused)]
    [InlineData(CopilotAssignment.AssigneeLimit)]
    public async Task What_Waits_For_A_Change_That_No_Label_Shows_Is_Left_Alone_Until_Something_Changes(string code)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        if (code == WaitCodes.WriteRefused)
        {
            app.GitHub.Inject(new FaultRule { Match = "addLabelsToLabelable", Effect = FaultEffect.FieldForbidden, Times = 0 });
        }
        else
        {
            for (int i = 0; i < 10; i++)
            {
                app.Person(UserActionKind.Assign, issue, $"helper-{i}[bot]");
            }
        }

        await FireTimerAsync(app);
        Assert.Equal((RunOutcome.Waiting, code), Assert.Single(app.RecordsOf(issue).Select(r => (r.Outcome, r.ReasonCode))));
        long calls = app.GitHub.Stats.GraphQueries + app.GitHub.Stats.GraphMutations;

        await FireTimerAsync(app);
        await app.PostAsync("api/pipeline/batch", new BatchRequest());
        await app.IdleAsync();
        Assert.Single(app.RecordsOf(issue));
        Assert.Equal(calls, app.GitHub.Stats.GraphQueries + app.GitHub.Stats.GraphMutations);

        string[] labels = [.. app.View(issue).Labels];
        await app.Http.SendAsync(DeliveryBuilder.Labeled(issue.Number, labels[0], labels).Build(), Stop);
        await app.IdleAsync();
        Assert.Equal((RunOutcome.Skipped, "handled-before"), (app.RecordsOf(issue)[^1].Outcome, app.RecordsOf(issue)[^1].ReasonCode));

        Assert.Equal(code, (await app.RunAsync(issue)).ReasonCode);

        app.Person(UserActionKind.AddLabel, issue, "urgent");
        await app.Http.SendAsync(DeliveryBuilder.Labeled(issue.Number, "urgent", [.. labels, "urgent"]).Build(), Stop);
        await app.IdleAsync();
        Assert.Equal((RunOutcome.Waiting, TriggerNames.Webhook), (app.RecordsOf(issue)[^1].Outcome, app.RecordsOf(issue)[^1].Trigger));
    }

    [Fact]
    public async Task Handled_Issues_Do_Not_Keep_New_Ones_Out_Of_A_Small_Batch()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline");
        IssueRef[] issues = [app.OpenForBoth(), app.OpenForBoth(), app.OpenForBoth()];

        for (int i = 0; i < 3; i++)
        {
            await app.PostAsync("api/pipeline/batch", new BatchRequest { BatchSize = 1 });
            await app.IdleAsync();
        }

        Assert.All(issues, issue => Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome));
    }

    [Fact]
    public async Task What_Legacy_Has_Handled_Goes_The_Unified_Way_Once_The_Flag_Is_On()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline");
        IssueRef issue = app.OpenForBoth();
        await FireTimerAsync(app);

        app.Flags.On("UnifiedPipeline");
        await FireTimerAsync(app);

        Assert.Contains("copilot-assigned", app.View(issue).Labels);
        Assert.DoesNotContain("site-monitor", app.View(issue).Labels);
    }

    [Theory]
    [InlineData("needs-review")]
    [InlineData("needs-review", "urgent")]
    [InlineData("copilot-assigned", "osint-researcher")]
    public async Task Older_Issues_With_Nothing_To_Do_Do_Not_Keep_New_Ones_Out_Of_A_Small_Batch(params string[] labels)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        for (int i = 0; i < 6; i++)
        {
            app.Open("Old", "Nobody can do anything here.", ["site-monitor", .. labels]);
        }

        IssueRef issue = app.OpenClear();

        await app.PostAsync("api/pipeline/batch", new BatchRequest { BatchSize = 1 });
        await app.IdleAsync();

        Assert.Equal(issue.Canonical, Assert.Single(app.Ledger.Records).Issue);
        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome);
    }

    [Fact]
    public async Task An_Edit_Just_After_A_Legacy_Run_Is_Taken_Up_By_The_Next_Batch()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline");
        IssueRef issue = app.OpenForBoth();
        await app.RunAsync(issue);
        RunRecord done = Assert.Single(app.RecordsOf(issue));

        Assert.True(HandledIssues.IsUnchangedSince(done, Logic.Legacy, Seen(done.Ended), done.Ended));
        Assert.False(HandledIssues.IsUnchangedSince(done, Logic.Legacy, Seen(done.Ended + TimeSpan.FromSeconds(5)), done.Ended));

        Candidate Seen(DateTimeOffset updated) => new(issue, ["site-monitor"], updated, updated);
    }

    [Fact]
    public async Task A_Rate_Limit_On_Listing_Is_Told_To_Whoever_Asks_For_A_Batch()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "issues read", Effect = FaultEffect.SecondaryLimit, RetryAfter = 20 });

        HttpResponseMessage asked = await app.PostAsync("api/pipeline/batch", new BatchRequest());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, asked.StatusCode);
    }

    [Fact]
    public async Task The_Timer_Lists_Once_More_After_A_Rate_Limit()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["GitHub:MaxQueueWait"] = "00:00:00" });
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "issues read", Effect = FaultEffect.SecondaryLimit, RetryAfter = 1 });

        await FireTimerAsync(app);

        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome);
    }

    [Fact]
    public async Task A_Timer_That_Is_On_And_Has_No_Repository_Shows_In_The_Health()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["GitHub:Repositories"] = "" });
        await FireTimerAsync(app);

        HealthReport report = (await app.Http.GetFromJsonAsync<HealthReport>("api/health/details", Stop))!;
        HealthEntry timer = Assert.Single(report.Checks, c => c.Name == "timer");
        Assert.Equal((HealthReport.Degraded, HealthReport.Degraded), (report.Status, timer.Status));
        Assert.Contains("GitHub:Repositories", timer.Detail, StringComparison.Ordinal);

        app.Flags.Off("AutomaticTriggers.Timer");
        report = (await app.Http.GetFromJsonAsync<HealthReport>("api/health/details", Stop))!;
        Assert.Equal(HealthReport.Ok, Assert.Single(report.Checks, c => c.Name == "timer").Status);
    }


    private static async Task FireTimerAsync(PipelineApp app)
    {
        FourHourlyBatch timer = ActivatorUtilities.CreateInstance<FourHourlyBatch>(app.Services);
        await timer.RunAsync(new TimerInfo(), app.Durable, Stop);
        await app.IdleAsync();
    }
}
