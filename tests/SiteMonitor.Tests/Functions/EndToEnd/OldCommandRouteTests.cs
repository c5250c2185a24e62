using System.Net;
using System.Net.Http.Json;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>What becomes of the old commands as the flag <c>LegacyCommands</c> goes from variant to variant.</summary>
public sealed class OldCommandRouteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("available", "")]
    [InlineData("deprecated", "deprecated and will be removed in")]
    public async Task Until_Redirected_An_Old_Command_Runs_The_Legacy_Logic_Though_The_Flags_Say_Unified(string mode, string notice)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.OldCommands(mode);
        IssueRef issue = app.OpenForBoth();

        CommandResponse answer = await CallAsync(app, "assign-workflows", new CommandRequest { Issue = issue.Number });
        await app.EndAsync(issue);

        Assert.Equal((mode, true), (answer.Mode, answer.Start!.Started));
        Assert.Contains(notice, answer.Notice, StringComparison.Ordinal);
        RunRecord run = Assert.Single(app.RecordsOf(issue), r => r.Kind == RunKind.Run);
        Assert.Equal((Logic.Legacy, RunOutcome.Succeeded), (run.Route, run.Outcome));
        Assert.Contains("assign-workflows", run.RouteReason, StringComparison.Ordinal);
        Assert.Contains("site-monitor", app.View(issue).Labels);
        Assert.Contains("intelligence-analyst", app.View(issue).Labels);
        Assert.DoesNotContain("Copilot", app.View(issue).Assignees);
        Use(app, "assign-workflows", mode);
    }

    [Fact]
    public async Task Redirected_It_Is_The_Pipeline_With_The_Translated_Arguments()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.OldCommands("redirected");
        IssueRef issue = app.OpenClear();

        CommandResponse answer = await CallAsync(app, "process-issues", new CommandRequest { Issue = issue.Number });
        await app.EndAsync(issue);

        Assert.Equal($"process-pipeline --stage auto --issue {issue.Number}", answer.Replacement);
        RunRecord run = Assert.Single(app.RecordsOf(issue), r => r.Kind == RunKind.Run);
        Assert.Equal((Logic.Unified, "auto", RunOutcome.Succeeded), (run.Route, run.RequestedStage, run.Outcome));
        Assert.Contains("copilot-assigned", app.View(issue).Labels);
        Use(app, "process-issues", "redirected");
    }

    [Theory]
    [InlineData("mona", "curl/8.9.1", "mona")]
    [InlineData("", "curl/8.9.1", "curl/8.9.1")]
    [InlineData(" \u001b[31mmona\n", "", "[31mmona")]
    [InlineData("", "", "")]
    public async Task A_Call_Is_Recorded_With_Its_Caller_As_Far_As_The_Request_Tells(string name, string agent, string caller)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.OldCommands("removed");
        if (agent.Length > 0)
        {
            app.Http.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        }

        await app.PostAsync("api/commands/process-issues", new CommandRequest { Operator = name });

        Assert.Equal(caller, Assert.Single(app.Ledger.Records, r => r.Kind == RunKind.Command).Caller);
    }

    [Fact]
    public async Task Removed_It_Answers_410_With_The_Replacement_And_Is_Counted_All_The_Same()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.OldCommands("removed");

        HttpResponseMessage response = await app.PostAsync("api/commands/process-copilot-issues", new CommandRequest());

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Equal(Problem.ContentType, response.Content.Headers.ContentType?.MediaType);
        Problem problem = (await response.Content.ReadFromJsonAsync<Problem>(Stop))!;
        Assert.Contains("process-pipeline --stage preparation", problem.Detail, StringComparison.Ordinal);
        Use(app, "process-copilot-issues", "removed");
    }

    [Theory]
    [InlineData("removed", HttpStatusCode.Gone)]
    [InlineData("deprecated", HttpStatusCode.BadRequest)]
    [InlineData("available", HttpStatusCode.BadRequest)]
    public async Task A_Call_As_No_Version_Takes_It_Is_Counted_And_Told_What_Takes_Its_Place(string mode, HttpStatusCode expected)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.OldCommands(mode);

        HttpResponseMessage response = await app.PostAsync("api/commands/process-issues", new { issues = (int[])[1, 2] });

        Assert.Equal(expected, response.StatusCode);
        string detail = (await response.Content.ReadFromJsonAsync<Problem>(Stop))!.Detail;
        Assert.Equal(mode != "available", detail.Contains("process-pipeline --stage preparation", StringComparison.Ordinal));
        Use(app, "process-issues", mode);
    }


    [Fact]
    public async Task A_Batch_Takes_The_Legacy_Logic_To_Each_Issue_And_Leaves_Alone_What_It_Did_Before()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear("intelligence-analyst");

        CommandResponse first = await CallAsync(app, "process-issues", new CommandRequest());
        await app.IdleAsync();
        CommandResponse second = await CallAsync(app, "process-issues", new CommandRequest());
        await app.IdleAsync();

        Assert.Equal((1, 0), (first.Batch!.Started, second.Batch!.Started));
        Assert.Equal(RunOutcome.Succeeded, Assert.Single(app.RecordsOf(issue), r => r.Kind == RunKind.Run).Outcome);
        Assert.Equal(2, app.Ledger.Records.Count(r => r.Kind == RunKind.Command));
    }

    [Fact]
    public async Task A_Dry_Run_Shows_What_The_Legacy_Logic_Would_Write()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenForBoth();

        CommandResponse answer = await CallAsync(app, "assign-workflows", new CommandRequest { Issue = issue.Number, DryRun = true });

        Assert.Equal("legacy", answer.Start!.Plan!.Route);
        Assert.Contains("intelligence-analyst", Assert.Single(answer.Start.Plan.Writes).AddLabels);
        Assert.DoesNotContain("intelligence-analyst", app.View(issue).Labels);
    }

    [Theory]
    [InlineData("make-coffee", "{}", HttpStatusCode.NotFound, "process-issues, process-copilot-issues, assign-workflows")]
    [InlineData("process-issues", """{"issue":0}""", HttpStatusCode.BadRequest, "issue: is not an issue's number")]
    [InlineData("process-issues", """{"repository":"elsewhere/x"}""", HttpStatusCode.Forbidden, "GitHub:Repositories")]
    public async Task What_Cannot_Be_Done_Is_Answered_With_The_Reason(string command, string body, HttpStatusCode expected, string reason)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage response = await app.Http.PostAsync($"api/commands/{command}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Stop);

        Assert.Equal(expected, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private static async Task<CommandResponse> CallAsync(PipelineApp app, string command, CommandRequest request)
    {
        HttpResponseMessage response = await app.PostAsync($"api/commands/{command}", request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Stop));
        return (await response.Content.ReadFromJsonAsync<CommandResponse>(Stop))!;
    }

    private static void Use(PipelineApp app, string command, string mode)
    {
        RunRecord use = Assert.Single(app.Ledger.Records, r => r.Kind == RunKind.Command);
        Assert.Equal((command, $"command-{mode}", "command"), (use.RequestedStage, use.ReasonCode, use.Trigger));
    }
}
