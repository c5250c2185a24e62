using DurableTask.Sqlite.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>Activities run at least once: each run twice leaves GitHub as if it ran once.</summary>
public sealed class DuplicateActivityTests
{
    [Theory]
    [InlineData("site-monitor", CopilotBehaviour.None)]
    [InlineData("osint-researcher", CopilotBehaviour.None)]
    [InlineData("site-monitor", CopilotBehaviour.Unavailable)]
    public async Task Every_Activity_Run_Twice_Writes_What_It_Writes_Once(string label, CopilotBehaviour copilot)
    {
        IssueView once = await ProcessAsync(label, copilot, twice: false);
        IssueView twice = await ProcessAsync(label, copilot, twice: true);

        Assert.Equal(once.Labels.Order(), twice.Labels.Order());
        Assert.Equal(once.Assignees, twice.Assignees);
        Assert.Equal(once.Comments.Select(c => c.Body.Split('\n')[0]), twice.Comments.Select(c => c.Body.Split('\n')[0]));
        Assert.Equal(once.BodyHistory.Count, twice.BodyHistory.Count);
        Assert.Equal(once.Body.Length, twice.Body.Length);
    }

    [Fact]
    public async Task An_Unsure_Analysis_Run_Twice_Comments_Once()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: Twice);
        IssueRef issue = app.Open("Page changed", "Something changed on the page.", "site-monitor");

        await app.RunAsync(issue);

        Assert.Single(app.View(issue).Comments);
    }

    [Fact]
    public async Task Legacy_Stages_Run_Twice_Write_Once()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: Twice);
        app.Flags.Off("UnifiedPipeline");
        IssueRef issue = app.OpenForBoth();

        await app.RunAsync(issue);

        Assert.Equal(2, app.View(issue).BodyHistory.Count);
        Assert.Equal(2, app.GitHub.Writes.Count(w => w.Via != "person" && w.Effective));
    }

    [Fact]
    public async Task A_Run_Is_Recorded_Once()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: Twice);
        IssueRef issue = app.OpenClear();

        await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue)).Outcome);
    }

    [Theory]
    [InlineData(UserActionKind.Merge, "pull-request-merged")]
    [InlineData(UserActionKind.CloseAsCompleted, "closed-as-completed")]
    public async Task A_Completion_Run_Twice_Is_Recorded_As_One_That_Was_Done(UserActionKind deed, string code)
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true, services: Twice);
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();

        app.Person(deed, issue);
        await app.IdleAsync();

        RunRecord record = Assert.Single(app.RecordsOf(issue), r => r is { Kind: RunKind.Completion, Outcome: RunOutcome.Succeeded });
        Assert.Equal(code, record.ReasonCode);
        Assert.Equal(["intelligence-analyst"], record.Specialists);
        Assert.Equal(["completed"], app.View(issue).Labels);
    }


    private static async Task<IssueView> ProcessAsync(string label, CopilotBehaviour copilot, bool twice)
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: twice ? Twice : null);
        app.GitHub.Copilot = copilot;
        IssueRef issue = app.Open(
            "New ransomware campaign against grid operators",
            "A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware. It exploits CVE-2025-21418.",
            label);
        await app.RunAsync(issue);
        return app.View(issue);
    }

    private static void Twice(IServiceCollection services) =>
        services.AddSingleton<TaskHubFunctions, DuplicatingFunctions>();
}

/// <summary>Runs every activity twice, one after the other, as a crash between an activity's work and its result does; the second answer counts.</summary>
internal sealed class DuplicatingFunctions : TaskHubFunctions
{
    public override void AddActivity(string name, Type inputType, ActivityFunction run) => base.AddActivity(
        name,
        inputType,
        async (context, input, stopping) =>
        {
            await run(context, input, stopping);
            return await run(context, input, stopping);
        });
}
