using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.FeatureFlags;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The flag is switched off while a run is on.</summary>
public sealed class KillSwitchTests
{
    private const string ClearText =
        "A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware against grid operators. It exploits CVE-2025-21418.";

    [Fact]
    public async Task Off_Before_The_Short_Lived_Label_The_Run_Begins_Anew_And_Nothing_Was_Written()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: FlipOnceDecided);
        IssueRef issue = app.OpenForBoth();

        await app.RunAsync(issue);

        AssertRerouted(app, issue);
        Assert.DoesNotContain(app.GitHub.Writes, w => w.After == "analyzing");
    }

    [Fact]
    public async Task Off_Before_The_Write_Of_Body_And_Labels_The_Labels_Are_Restored_And_The_Run_Begins_Anew()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenForBoth();
        app.GitHub.After("addLabelsToLabelable", _ =>
        {
            app.Flags.Off("UnifiedPipeline");
            return Task.CompletedTask;
        });

        await app.RunAsync(issue);

        AssertRerouted(app, issue);
    }

    [Fact]
    public async Task Off_After_The_Write_The_Run_Is_Finished()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.GitHub.After("updateIssue", _ =>
        {
            app.Flags.Off("UnifiedPipeline");
            return Task.CompletedTask;
        });

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Succeeded, Logic.Unified), (record.Outcome, record.Route));
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], app.View(issue).Labels.Order());
    }

    /// <summary>Otherwise the new decision would find an issue that waits, and the ledger would not say why.</summary>
    [Theory]
    [InlineData(FaultEffect.ServerError, true)]
    [InlineData(FaultEffect.FieldError, false)]
    public async Task Off_After_A_Write_Whose_Answer_Was_Lost_Or_That_Was_Half_Done_The_Run_Is_Finished(FaultEffect effect, bool afterWork)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.Open("Something", "It may be something.", "site-monitor");
        app.GitHub.Inject(new FaultRule { Match = "addComment", Effect = effect, AfterWork = afterWork });
        app.GitHub.After("addComment", _ =>
        {
            app.Flags.Off("UnifiedPipeline");
            return Task.CompletedTask;
        });

        await app.RunAsync(issue);

        RunRecord record = Assert.Single(app.RecordsOf(issue));
        Assert.Equal((RunOutcome.Waiting, "score-low", Logic.Unified), (record.Outcome, record.ReasonCode, record.Route));
        Assert.Equal(["needs clarification", "site-monitor"], app.View(issue).Labels.Order());
        Assert.Single(app.View(issue).Comments);
    }

    /// <summary>Otherwise the issue would have no workflow label, and no logic would ever find it.</summary>
    [Fact]
    public async Task Off_After_Half_Of_The_Write_The_Issue_Is_As_Before_And_The_Run_Begins_Anew()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenForBoth();
        string body = app.View(issue).Body;

        // The short-lived label is added; then GitHub refuses the specialists, but makes the rest of the write.
        app.GitHub.Inject(new FaultRule { Match = "addLabelsToLabelable", Effect = FaultEffect.FieldError, Skip = 1, Times = 1 });
        app.GitHub.After("updateIssue", _ =>
        {
            app.Flags.Off("UnifiedPipeline");
            return Task.CompletedTask;
        });

        await app.RunAsync(issue);

        AssertRerouted(app, issue);
        Assert.Contains(app.GitHub.Writes, w => w is { Kind: WriteKind.LabelRemoved, Before: "site-monitor" });
        Assert.StartsWith(body, app.View(issue).Body, StringComparison.Ordinal);
    }

    /// <summary>Only labels that we changed ourselves show that our write has begun.</summary>
    [Theory]
    [InlineData("It may be something.", UserActionKind.AddLabel, "needs clarification")]
    [InlineData(ClearText, UserActionKind.AddLabel, "intelligence-analyst")]
    [InlineData(ClearText, UserActionKind.RemoveLabel, "site-monitor")]
    public async Task Switched_Off_After_A_Person_Made_The_Same_Label_Change_The_Write_Is_Not_Sent(
        string text, UserActionKind change, string label)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline.Preparation");
        IssueRef issue = app.Open("Something", text, "site-monitor");
        app.GitHub.Before("model", _ =>
        {
            app.Person(change, issue, label);
            app.Flags.Off("UnifiedPipeline");
            return Task.CompletedTask;
        });

        await app.RunAsync(issue);

        RunRecord first = app.RecordsOf(issue)[0];
        Assert.Equal((RunOutcome.Rerouted, "kill-switch", Logic.Unified), (first.Outcome, first.ReasonCode, first.Route));
        Assert.Equal((1, 2), (first.Usage.ModelCalls, first.Usage.GitHubWrites));
        Assert.DoesNotContain(app.RecordsOf(issue).Skip(1), r => r.Route == Logic.Unified);
    }

    [Fact]
    public async Task A_Stage_Switched_Off_Before_Its_Write_Reroutes_Too()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.GitHub.After("addLabelsToLabelable", _ =>
        {
            app.Flags.Off("UnifiedPipeline.Preparation");
            return Task.CompletedTask;
        });

        await app.RunAsync(issue);

        Assert.Equal([RunOutcome.Rerouted, RunOutcome.Succeeded], app.RecordsOf(issue).Select(r => r.Outcome));
        Assert.Equal([Logic.Unified, Logic.Legacy], app.RecordsOf(issue)[1].Stages.Select(s => s.Logic));
        Assert.Equal(["intelligence-analyst"], app.View(issue).Labels);
    }

    private static void AssertRerouted(PipelineApp app, IssueRef issue)
    {
        Assert.Equal(
            [(RunOutcome.Rerouted, "kill-switch", Logic.Unified), (RunOutcome.Succeeded, string.Empty, Logic.Legacy)],
            app.RecordsOf(issue).Select(r => (r.Outcome, r.ReasonCode, r.Route!.Value)));
        Assert.Equal(["intelligence-analyst", "site-monitor", "strategic-analysis", "threat-assessment"], app.View(issue).Labels.Order());
        Assert.Empty(app.View(issue).Assignees);
    }

    private static void FlipOnceDecided(IServiceCollection services) => services.AddSingleton<IRoutePolicy>(provider =>
        new FlippingPolicy(ActivatorUtilities.CreateInstance<FlagRoutePolicy>(provider), provider.GetRequiredService<TestFlags>()));

    /// <summary>The flags are switched off as soon as the first run has read them.</summary>
    private sealed class FlippingPolicy(IRoutePolicy inner, TestFlags flags) : IRoutePolicy
    {
        public async Task<RouteDecision> DecideAsync(IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken)
        {
            RouteDecision decision = await inner.DecideAsync(issue, labels, cancellationToken);
            flags.Off("UnifiedPipeline");
            return decision;
        }

        public Task<RouteDecision> DecideAsync(
            FlagSnapshot planned, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) =>
            inner.DecideAsync(planned, issue, labels, cancellationToken);

        public Task<bool> IsStillValidAsync(RouteDecision decision, IReadOnlyList<Stage> stages, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) =>
            inner.IsStillValidAsync(decision, stages, issue, labels, cancellationToken);

        public Task<TriggerDecision> MayStartAsync(AutomaticTrigger trigger, CancellationToken cancellationToken) => inner.MayStartAsync(trigger, cancellationToken);

        public Task<LegacyCommandMode> GetLegacyCommandModeAsync(CancellationToken cancellationToken) => inner.GetLegacyCommandModeAsync(cancellationToken);
    }
}
