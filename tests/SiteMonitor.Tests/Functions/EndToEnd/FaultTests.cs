using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>GitHub and the model fail: tried again within the budget, then a clear outcome with the labels restored.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> Steps => ["query", "addLabelsToLabelable", "updateIssue", "removeLabelsFromLabelable", "addComment", "model"];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task One_Server_Error_At_Any_Step_Is_Tried_Again(string step) => await AssertSurvivesAsync(new FaultRule { Match = step, Effect = FaultEffect.ServerError, Times = 3 });

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task An_Answer_That_Is_Lost_After_The_Work_Was_Done_Does_Not_Do_It_Twice(string step) =>
        await AssertSurvivesAsync(new FaultRule { Match = step, Effect = FaultEffect.Reset, AfterWork = true });

    [Theory]
    [InlineData("query", FaultEffect.PrimaryLimit)]
    [InlineData("addLabelsToLabelable", FaultEffect.SecondaryLimit)]
    [InlineData("updateIssue", FaultEffect.TooManyRequests)]
    [InlineData("updateIssue", FaultEffect.SubmittedTooQuickly)]
    [InlineData("addLabelsToLabelable", FaultEffect.SubmittedTooQuickly)]
    [InlineData("query", FaultEffect.UntypedLimit)]
    [InlineData("removeLabelsFromLabelable", FaultEffect.UntypedLimit)]
    [InlineData("addComment", FaultEffect.SubmittedTooQuickly)]
    [InlineData("addAssigneesToAssignable", FaultEffect.TooManyRequests)]
    [InlineData("model", FaultEffect.TooManyRequests)]
    public async Task A_Rate_Limit_Is_Waited_For(string step, FaultEffect effect)
    {
        RunRecord record = await AssertSurvivesAsync(new FaultRule { Match = step, Effect = effect, RetryAfter = 1 });

        Assert.True(record.DurationMs < (record.Ended - record.Started).TotalMilliseconds, "The wait is not part of the duration.");
    }

    [Theory]
    [InlineData("updateIssue", FaultEffect.Garbage)]
    [InlineData("query", FaultEffect.BadGateway)]
    [InlineData("model", FaultEffect.Garbage)]
    [InlineData("addComment", FaultEffect.FieldError)]
    [InlineData("addLabelsToLabelable", FaultEffect.FieldError)]
    public async Task Garbage_And_Half_Done_Writes_Are_Tried_Again(string step, FaultEffect effect) => await AssertSurvivesAsync(new FaultRule { Match = step, Effect = effect });

    [Fact]
    public async Task An_Error_That_Stays_Ends_The_Run_With_The_Labels_Restored()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.SkipsTimers = true;
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "updateIssue", Effect = FaultEffect.ServerError, Times = 0 });

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Failed, record.Outcome);
        Assert.NotEmpty(record.ReasonCode);
        Assert.Equal(["site-monitor"], app.View(issue).Labels);
        Assert.True(record.Usage.GitHubExtra > 0);
    }

    [Theory]
    [InlineData("query", FaultEffect.NotFound)]
    [InlineData("query", FaultEffect.BadCredentials)]
    public async Task What_No_Further_Try_Can_Mend_Fails_Fast(string step, FaultEffect effect)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = step, Effect = effect, Times = 0 });
        long before = app.GitHub.Stats.GitHubRequests;

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Failed, record.Outcome);
        Assert.InRange(app.GitHub.Stats.GitHubRequests - before, 1, 2);
    }

    [Fact]
    public async Task What_An_Interrupted_Run_Left_Comes_Off_Also_When_The_Next_One_Fails_Before_It_Writes()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: services => services.AddSingleton<IRoutePolicy, NoPolicy>());
        IssueRef issue = app.OpenClear("analyzing");

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Failed, "flags-broken"), (record.Outcome, record.ReasonCode));
        Assert.Equal(["site-monitor"], app.View(issue).Labels);
    }

    [Theory]
    [InlineData("auto", "site-monitor", "osint-researcher", "analyzing", "processing")]
    [InlineData("analysis", "site-monitor", "analyzing", "processing")]
    public async Task What_Interrupted_Runs_Left_Comes_Off_By_The_Legacy_Logic_Too(string stage, params string[] labels)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off("UnifiedPipeline");
        IssueRef issue = app.Open("Something", "It may be something.", labels);

        await app.RunAsync(issue, stage);

        Assert.Equal(labels.Except(["analyzing", "processing"]).Order(), app.View(issue).Labels.Order());
    }

    [Fact]
    public async Task A_Failure_That_A_Person_Must_Deal_With_Is_Said_On_The_Issue_Once()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.BadCredentials, Times = 0 });

        await app.RunAsync(issue);
        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Failed, record.Outcome);
        Assert.Equal(["site-monitor"], app.View(issue).Labels);
        Assert.Contains("Processing failed", Assert.Single(app.View(issue).Comments).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_Copilot_Is_Not_To_Be_Had_The_Issue_Is_Assigned_And_Says_So()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.GitHub.Copilot = CopilotBehaviour.Unavailable;
        IssueRef issue = app.OpenClear();

        RunRecord record = await app.RunAsync(issue);

        IssueView view = app.View(issue);
        Assert.Equal((RunOutcome.Failed, "copilot-unassigned"), (record.Outcome, record.ReasonCode));
        Assert.Equal(["intelligence-analyst"], view.Labels);
        Assert.Equal(2, view.Comments.Count);
        Assert.Contains("Copilot could not be assigned", view.Comments[1].Body, StringComparison.Ordinal);

        app.GitHub.Copilot = CopilotBehaviour.None;
        RunRecord settled = await app.RunAsync(issue);
        Assert.Equal((RunOutcome.Succeeded, 2, 2), (settled.Outcome, settled.Usage.GitHubReads, settled.Usage.GitHubWrites));
        Assert.StartsWith("Resolved: ", app.View(issue).Comments[1].Body, StringComparison.Ordinal);
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], app.View(issue).Labels.Order());
    }

    [Fact]
    public async Task Copilot_Is_Assigned_Together_With_The_Text_Even_Where_REST_Ignores_It()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.GitHub.Copilot = CopilotBehaviour.RestIgnores;
        IssueRef issue = app.OpenClear();

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal(RunOutcome.Succeeded, record.Outcome);
        Assert.Equal((2, 3), (record.Usage.GitHubReads, record.Usage.GitHubWrites));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_Failure_That_May_Pass_Is_Said_On_The_Issue_Where_No_Timer_Comes_By(bool timer)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.SkipsTimers = true;
        app.Flags.Off(timer ? "AutomaticTriggers" : "AutomaticTriggers.Timer");
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "updateIssue", Effect = FaultEffect.ServerError, Times = 0 });

        Assert.Equal(RunOutcome.Failed, (await app.RunAsync(issue)).Outcome);

        Assert.Equal(timer ? 0 : 1, app.View(issue).Comments.Count(c => c.Body.Contains("no scheduled run will retry it", StringComparison.Ordinal)));
        Assert.Equal(timer ? 0 : 1, app.View(issue).Comments.Count);
    }

    [Fact]
    public async Task Labels_That_Were_Never_Set_Are_Not_Said_To_Stand()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: services => services.AddSingleton<IRoutePolicy, HalfPolicy>());
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "query", Effect = FaultEffect.BadCredentials, Times = 0, Skip = 1 });

        RunRecord record = await app.RunAsync(issue);

        Assert.Equal((RunOutcome.Failed, "flags-broken"), (record.Outcome, record.ReasonCode));
    }

    private static async Task<RunRecord> AssertSurvivesAsync(FaultRule fault)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        app.GitHub.Inject(fault);

        RunRecord record = await app.RunAsync(issue);

        IssueView view = app.View(issue);
        Assert.Equal((RunOutcome.Succeeded, string.Empty), (record.Outcome, record.Reason));
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], view.Labels.Order());
        Assert.Single(view.Comments);
        Assert.Single(view.Assignees);
        Assert.InRange(view.BodyHistory.Count, 1, 2);
        Assert.False(record.ManualIntervention, "Nobody but us touched the labels.");
        return record;
    }

    /// <summary>Flags that can be had at the run's start only.</summary>
    private sealed class HalfPolicy : IRoutePolicy
    {
        public Task<RouteDecision> DecideAsync(IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) => Task.FromResult(new RouteDecision
        {
            Route = Logic.Unified, Reason = "test", Analysis = Logic.Unified, Preparation = Logic.Unified, FlagsRevision = "1", Phase = "full",
        });

        public Task<RouteDecision> DecideAsync(
            FlagSnapshot flags, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) => throw Broken();

        public Task<bool> IsStillValidAsync(RouteDecision decision, IReadOnlyList<Stage> stages, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) => throw Broken();

        public Task<TriggerDecision> MayStartAsync(AutomaticTrigger trigger, CancellationToken cancellationToken) => throw Broken();

        public Task<LegacyCommandMode> GetLegacyCommandModeAsync(CancellationToken cancellationToken) => throw Broken();

        private static PermanentFailureException Broken() => new("flags-broken", "The flags are broken.");
    }

    /// <summary>Flags that cannot be had.</summary>
    private sealed class NoPolicy : IRoutePolicy
    {
        public Task<RouteDecision> DecideAsync(IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) => throw Broken();

        public Task<RouteDecision> DecideAsync(
            FlagSnapshot flags, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) => throw Broken();

        public Task<bool> IsStillValidAsync(RouteDecision decision, IReadOnlyList<Stage> stages, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) => throw Broken();

        public Task<TriggerDecision> MayStartAsync(AutomaticTrigger trigger, CancellationToken cancellationToken) => throw Broken();

        public Task<LegacyCommandMode> GetLegacyCommandModeAsync(CancellationToken cancellationToken) => throw Broken();

        private static PermanentFailureException Broken() => new("flags-broken", "The flags are broken.");
    }
}
