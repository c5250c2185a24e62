using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Undo;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What the unified pipeline wrote is taken back: wholly, once, and only where nobody else has touched the issue.</summary>
public sealed class UndoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Finished_Backlog_Becomes_What_It_Was_And_A_Second_Undo_Does_Nothing()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true, sandbox: new SandboxOptions { Seeds = SeedSet.Full });
        app.Flags.Off("AutomaticTriggers", "AutomaticTriggers.Timer");
        DateTimeOffset start = app.Clock.GetUtcNow();
        await app.PostAsync("api/pipeline/batch", new BatchRequest { BatchSize = 200 });
        await app.IdleAsync();
        string[] written =
        [
            .. app.Ledger.Records
                .Where(r => RunStatistics.IsUnified(r) && r.Outcome is RunOutcome.Succeeded or RunOutcome.Waiting)
                .Select(r => r.Issue)
                .Distinct(),
        ];
        Assert.True(written.Length > 40, $"Only {written.Length} issues were processed.");

        UndoStatus undo = await UndoAsync(app, start);

        Assert.Equal(UndoState.Completed, undo.State);
        Assert.Equal(written.Order(), undo.Issues.Where(i => i.Result == UndoResult.Undone).Select(i => i.Issue).Order());
        Assert.DoesNotContain(undo.Issues, i => i.Result == UndoResult.Failed);
        Assert.All(SeedCatalogue.Seeds, seed => AssertAsSeeded(app, seed));
        Assert.Equal(2 * undo.Undone, undo.GitHubCalls);

        int writes = app.GitHub.Writes.Count;
        long requests = app.GitHub.Stats.GitHubRequests;
        UndoStatus second = await UndoAsync(app, start);

        Assert.Equal((0, 0, 0), (second.Undone, second.Failed, second.GitHubCalls));
        Assert.All(second.Issues, i => Assert.Equal(UndoCodes.AlreadyUndone, i.Code));
        Assert.Equal(writes, app.GitHub.Writes.Count);
        Assert.Equal(requests, app.GitHub.Stats.GitHubRequests);
    }

    [Fact]
    public async Task A_Dry_Run_Says_What_It_Would_Do_And_Does_Nothing()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        IssueView before = app.View(issue);

        UndoStatus plan = await UndoAsync(app, start, dryRun: true);

        Assert.Equal(
            "guidance removed, −intelligence-analyst, −copilot-assigned, +site-monitor, 1 comment deleted, Copilot unassigned",
            Assert.Single(plan.Issues).Detail);
        Assert.Equal(before.UpdatedAt, app.View(issue).UpdatedAt);
        Assert.DoesNotContain(app.RecordsOf(issue), r => r.Kind == RunKind.Undo);
        Assert.DoesNotContain(await AuditAsync(app), e => e.What.StartsWith("undo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_Is_Audited_When_It_Begins_And_When_It_Ends()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DateTimeOffset start = app.Clock.GetUtcNow();
        await app.RunAsync(app.OpenClear());

        UndoStatus undo = await UndoAsync(app, start);

        AuditEntry[] entries = [.. (await AuditAsync(app)).Where(e => e.Before == undo.Id)];
        Assert.Equal(["undo", "undo-done"], entries.Select(e => e.What).Order());
        Assert.All(entries, e => Assert.Equal("ada", e.Who));
        Assert.Contains("1 taken back, 0 left, 0 failed", entries.Select(e => e.After));
    }

    [Fact]
    public async Task The_Preparation_Alone_Leaves_The_Issue_Assigned()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);

        await UndoAsync(app, start, stage: "preparation");

        IssueView view = app.View(issue);
        Assert.Equal(["intelligence-analyst"], view.Labels);
        Assert.Empty(view.Assignees);
        Assert.Equal(view.BodyHistory[0], view.Body);

        await UndoAsync(app, start);

        Assert.Equal(["site-monitor"], app.View(issue).Labels);
    }

    [Fact]
    public async Task What_People_Touched_Is_Listed_With_The_Reason_And_Left()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef edited = app.OpenClear();
        IssueRef sectionEdited = app.OpenClear();
        IssueRef labelled = app.OpenClear();
        IssueRef commented = app.OpenClear();
        IssueRef inReview = app.OpenClear();
        IssueRef closed = app.OpenClear();
        IssueRef deleted = app.OpenClear();
        IssueRef[] all = [edited, sectionEdited, labelled, commented, inReview, closed, deleted];
        foreach (IssueRef issue in all)
        {
            await app.RunAsync(issue);
        }

        app.Person(UserActionKind.EditBody, edited, text: "Another text. " + app.View(edited).Body);
        string section = app.View(sectionEdited).Body.Replace("Copilot Processing", "Our Own Processing", StringComparison.Ordinal);
        app.Person(UserActionKind.EditBody, sectionEdited, text: section);
        app.Person(UserActionKind.AddLabel, labelled, "urgent");
        app.Person(UserActionKind.Comment, commented, text: "Looks good to me.");
        app.Person(UserActionKind.OpenPullRequest, inReview);
        app.Person(UserActionKind.CloseAsNotPlanned, closed);
        app.Person(UserActionKind.Delete, deleted);
        Dictionary<IssueRef, DateTimeOffset> before = all.ToDictionary(i => i, i => app.View(i).UpdatedAt);

        UndoStatus undo = await UndoAsync(app, start);

        Dictionary<string, string> codes = undo.Issues.ToDictionary(i => i.Issue, i => i.Code);
        Assert.Equal(UndoCodes.TouchedSince, codes[edited.Canonical]);
        Assert.Equal(UndoCodes.TouchedSince, codes[sectionEdited.Canonical]);
        Assert.Equal(UndoCodes.TouchedSince, codes[labelled.Canonical]);
        Assert.Equal(UndoCodes.CommentedSince, codes[commented.Canonical]);
        Assert.Equal(UndoCodes.OpenPullRequest, codes[inReview.Canonical]);
        Assert.Equal(SkipCodes.Closed, codes[closed.Canonical]);
        Assert.Equal(SkipCodes.IssueGone, codes[deleted.Canonical]);
        Assert.All(undo.Issues, i => Assert.Equal(UndoResult.Left, i.Result));
        Assert.All(all, issue => Assert.Equal(before[issue], app.View(issue).UpdatedAt));
    }

    [Theory]
    [InlineData("UnifiedPipeline")]
    [InlineData("UnifiedPipeline.Preparation")]
    public async Task An_Issue_That_The_Legacy_Logic_Wrote_Is_Left(string off)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.Off(off);
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef issue = app.OpenForBoth();
        await app.RunAsync(issue);
        IssueView before = app.View(issue);

        UndoStatus undo = await UndoAsync(app, start);

        Assert.Equal(0, undo.Undone);
        Assert.All(undo.Issues, i => Assert.Equal(UndoCodes.LegacyWritten, i.Code));
        Assert.Equal(before.UpdatedAt, app.View(issue).UpdatedAt);
    }

    [Theory]
    [InlineData("removeAssigneesFromAssignable", FaultEffect.Reset, true)]
    [InlineData("removeAssigneesFromAssignable", FaultEffect.ServerError, false)]
    [InlineData("updateIssue", FaultEffect.FieldError, false)]
    [InlineData("addLabelsToLabelable", FaultEffect.FieldError, false)]
    [InlineData("removeLabelsFromLabelable", FaultEffect.FieldError, false)]
    [InlineData("deleteIssueComment", FaultEffect.FieldError, false)]
    [InlineData("mutation", FaultEffect.SecondaryLimit, false)]
    public async Task A_Write_That_Fails_Or_Is_Half_Done_Is_Finished(string step, FaultEffect effect, bool afterWork)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        app.GitHub.Inject(new FaultRule { Match = step, Effect = effect, AfterWork = afterWork, RetryAfter = 1 });

        UndoStatus undo = await UndoAsync(app, start);

        Assert.Equal(UndoResult.Undone, Assert.Single(undo.Issues).Result);
        AssertUndone(app, issue);
    }

    [Theory]
    [InlineData("query")]
    [InlineData("removeAssigneesFromAssignable")]
    public async Task A_Host_That_Stops_In_The_Middle_Goes_On(string step)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef[] issues = [app.OpenClear(), app.OpenClear(), app.OpenClear(), app.OpenClear(), app.OpenClear(), app.OpenClear()];
        foreach (IssueRef issue in issues)
        {
            await app.RunAsync(issue);
        }

        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        app.GitHub.Inject(new FaultRule { Match = step, Effect = FaultEffect.Slow, DelayMs = 300, AfterWork = true });
        app.GitHub.Before(step, _ =>
        {
            reached.TrySetResult();
            return Task.CompletedTask;
        });
        UndoStatus started = await StartAsync(app, start);
        await reached.Task.WaitAsync(Patience, Stop);

        await app.RestartAsync();
        UndoStatus undo = await EndAsync(app, started);

        Assert.Equal(issues.Length, undo.Undone);
        Assert.All(issues, issue => AssertUndone(app, issue));
    }

    [Fact]
    public async Task Run_Twice_It_Writes_Once()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(
            services: services => services.AddSingleton<global::DurableTask.Sqlite.Hosting.TaskHubFunctions, DuplicatingFunctions>());
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);

        UndoStatus undo = await UndoAsync(app, start);

        Assert.Equal(1, undo.Undone);
        AssertUndone(app, issue);
        Assert.Single(app.RecordsOf(issue), r => r.Kind == RunKind.Undo);
        Assert.Single(await AuditAsync(app), e => e.What == "undo-done");
    }

    [Fact]
    public async Task A_Write_That_GitHub_Refuses_Is_Told_And_Does_Not_Count_As_Undone()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        app.GitHub.Inject(new FaultRule { Match = "removeAssigneesFromAssignable", Effect = FaultEffect.BadCredentials, Times = 0 });

        UndoStatus undo = await UndoAsync(app, start);

        Assert.Equal(("github-unauthorized", 1), (Assert.Single(undo.Issues).Code, undo.Failed));
        RunRecord[] undos = [.. app.RecordsOf(issue).Where(r => r.Kind == RunKind.Undo)];
        Assert.Equal([RunOutcome.Succeeded, RunOutcome.Failed], undos.Select(r => r.Outcome));

        app.GitHub.ClearFaults();
        Assert.Equal(1, (await UndoAsync(app, start)).Undone);
        AssertUndone(app, issue);
    }

    [Fact]
    public async Task A_Persons_Edit_Between_Read_And_Write_Is_Kept_Without_Our_Section()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        string seeded = app.View(issue).BodyHistory[0];
        app.Person(UserActionKind.AppendToBody, issue, text: "\n\nOne more thing.", before: "within:updateIssue");

        await UndoAsync(app, start);

        Assert.StartsWith(seeded, app.View(issue).Body, StringComparison.Ordinal);
        Assert.EndsWith("One more thing.", app.View(issue).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("sitemonitor:guidance", app.View(issue).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Automatic_Starts_Leave_The_Issue_Alone_Until_A_Person_Changes_Its_Labels()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef issue = app.OpenClear();
        await app.IdleAsync();
        Assert.Contains("copilot-assigned", app.View(issue).Labels);

        await UndoAsync(app, start);
        await app.IdleAsync();
        await app.PostAsync("api/pipeline/batch", new BatchRequest());
        await app.IdleAsync();

        AssertUndone(app, issue);

        // Deliveries tell the time in whole seconds: what happens in the second of a run's read counts as seen by it.
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System, Stop);
        app.Person(UserActionKind.RemoveLabel, issue, "site-monitor");
        await app.IdleAsync();
        app.Person(UserActionKind.AddLabel, issue, "site-monitor");
        await app.IdleAsync();

        Assert.Contains("copilot-assigned", app.View(issue).Labels);
        Assert.Contains(app.RecordsOf(issue), r => r is { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.LabelsChanged });
        Assert.DoesNotContain(app.RecordsOf(issue), r => r.ReasonCode == OutcomeCodes.SpecialistChanged);
    }

    [Fact]
    public async Task Once_The_Rollout_Goes_On_Automatic_Starts_Take_The_Issue_Up_Again()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        await UndoAsync(app, start);
        RolloutStateRepository states = app.Services.GetRequiredService<RolloutStateRepository>();

        await states.UpdateUntilSavedAsync(edit => edit.State = edit.State with { UndoneSince = null }, Stop);
        await app.PostAsync("api/pipeline/batch", new BatchRequest());
        await app.IdleAsync();

        Assert.Contains("copilot-assigned", app.View(issue).Labels);
    }

    [Fact]
    public async Task A_Run_That_Somebody_Starts_Is_Not_Barred()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        DateTimeOffset start = app.Clock.GetUtcNow();
        IssueRef issue = app.OpenClear();
        await app.RunAsync(issue);
        await UndoAsync(app, start);

        Assert.Equal(RunOutcome.Succeeded, (await app.RunAsync(issue)).Outcome);
        Assert.Equal(1, (await UndoAsync(app, start)).Undone);
        AssertUndone(app, issue);
    }

    [Theory]
    [InlineData("{}", "operator", "since")]
    [InlineData("""{"operator":"ada","since":"next week"}""", "since")]
    [InlineData("""{"operator":"ada","since":"2d","stage":"all","issue":"12"}""", "stage", "issue")]
    public async Task What_Is_Wrong_With_A_Request_Is_Said(string body, params string[] members)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        using StringContent content = new(body, null, "application/json");
        HttpResponseMessage response = await app.Http.PostAsync("api/rollout/undo", content, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Problem problem = RolloutJson.Read<Problem>(await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal(members, problem.Errors.Select(e => e.Split(':')[0]));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("api/rollout/undo/none", Stop)).StatusCode);
    }

    private static void AssertUndone(PipelineApp app, IssueRef issue)
    {
        IssueView view = app.View(issue);
        Assert.Equal(view.BodyHistory[0], view.Body);
        Assert.Equal(["site-monitor"], view.Labels);
        Assert.Empty(view.Assignees);
        Assert.Empty(view.Comments);
    }

    /// <summary>A short-lived label that an interrupted run had left before is not put back.</summary>
    private static void AssertAsSeeded(PipelineApp app, Seed seed)
    {
        IssueView view = app.GitHub.Issue(seed.Number)!;
        Assert.True((seed.Text() ?? string.Empty) == view.Body, $"#{seed.Number} ({seed.About}): the text differs.");
        Assert.Equal(seed.Labels.Except(["analyzing", "processing"]).Order(), view.Labels.Except(["analyzing", "processing"]).Order());
        Assert.Equal(seed.Assignees.Count, view.Assignees.Count);
        Assert.Equal(seed.Comments.Count, view.Comments.Count);
    }

    private static async Task<UndoStatus> UndoAsync(PipelineApp app, DateTimeOffset since, string stage = "", bool dryRun = false) =>
        await EndAsync(app, await StartAsync(app, since, stage, dryRun));

    private static async Task<UndoStatus> StartAsync(PipelineApp app, DateTimeOffset since, string stage = "", bool dryRun = false)
    {
        UndoRequest request = new() { Operator = "ada", Reason = "a try", Since = since.ToString("O"), Stage = stage, DryRun = dryRun };
        HttpResponseMessage response = await app.Http.PostAsync(
            "api/rollout/undo", new StringContent(RolloutJson.Write(request), null, "application/json"), Stop);
        string body = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, body);
        return RolloutJson.Read<UndoStatus>(body);
    }

    private static async Task<UndoStatus> EndAsync(PipelineApp app, UndoStatus status)
    {
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + Patience;
        while (status.State == UndoState.Running && TimeProvider.System.GetUtcNow() < end)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
            status = RolloutJson.Read<UndoStatus>(await app.Http.GetStringAsync($"api/rollout/undo/{status.Id}", Stop));
        }

        Assert.Equal(UndoState.Completed, status.State);
        return status;
    }

    private static Task<IReadOnlyList<AuditEntry>> AuditAsync(PipelineApp app) =>
        app.Services.GetRequiredService<RolloutStateRepository>().ReadAuditAsync(100, Stop);
}
