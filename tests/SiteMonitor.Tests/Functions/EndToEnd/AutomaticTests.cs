using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Triggers;
using SiteMonitor.LocalHost.Sandbox.Control;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What starts by itself, and what it leaves alone.</summary>
public sealed class AutomaticTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_timer_takes_up_what_no_webhook_brought_in()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        await FireTimerAsync(app);

        Assert.Equal((RunOutcome.Succeeded, TriggerNames.Timer), Assert.Single(app.RecordsOf(issue).Select(r => (r.Outcome, r.Trigger))));
    }

    [Fact]
    public async Task Switched_off_the_timer_starts_nothing()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("AutomaticTriggers.Timer");
        app.OpenClear();

        await FireTimerAsync(app);

        Assert.Empty(app.Ledger.Records);
    }

    [Fact]
    public async Task What_the_legacy_logic_has_handled_is_left_alone_until_somebody_changes_it()
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

        app.Person(PersonDeed.AppendToBody, issue, text: "\n\nMore.");
        await app.Http.SendAsync(DeliveryBuilder.Labeled(issue.Number, "urgent", "site-monitor", "intelligence-analyst", "urgent").Build(), Stop);
        await app.IdleAsync();

        Assert.Equal(RunOutcome.Succeeded, app.RecordsOf(issue)[^1].Outcome);
    }

    [Fact]
    public async Task Handled_issues_do_not_keep_new_ones_out_of_a_small_batch()
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
    public async Task What_legacy_has_handled_goes_the_unified_way_once_the_flag_is_on()
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

    private static async Task FireTimerAsync(PipelineApp app)
    {
        FourHourlyBatch timer = ActivatorUtilities.CreateInstance<FourHourlyBatch>(app.Services);
        await timer.RunAsync(new TimerInfo(), app.Durable, Stop);
        await app.IdleAsync();
    }
}
