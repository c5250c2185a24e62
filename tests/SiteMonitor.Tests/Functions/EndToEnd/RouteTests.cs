using System.Net;
using System.Net.Http.Json;
using System.Text;
using DurableTask.Sqlite.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Operations;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The operator's routes over HTTP.</summary>
public sealed class RouteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("api/pipeline/issues/o/r/abc", "{}", "{number}")]
    [InlineData("api/pipeline/issues/octo-org/watchtower/1", """{ "stage": "everything" }""", "stage")]
    [InlineData("api/pipeline/issues/octo-org/watchtower/1", """{ "stge": "auto" }""", "stge")]
    [InlineData("api/pipeline/issues/octo-org/watchtower/1", """{ "dryRun": 1 }""", "dryRun")]
    [InlineData("api/pipeline/batch", """{ "batchSize": 0 }""", "batchSize")]
    [InlineData("api/pipeline/batch", """{ "repository": "x" }""", "repository")]
    public async Task Bad_Input_Is_Answered_With_A_Problem_That_Says_What_And_Where(string path, string json, string where)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage answer = await app.Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains((await answer.Content.ReadFromJsonAsync(ContractJson.Default.Problem, Stop))!.Errors, e => e.StartsWith(where, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("POST", "api/pipeline/batch", HttpStatusCode.Unauthorized)]
    [InlineData("POST", "api/pipeline/issues/o/r/1", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "api/pipeline/issues/o/r/1", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "api/health/details", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "api/health", HttpStatusCode.OK)]
    public async Task Everything_But_Webhook_And_Health_Needs_A_Key(string method, string path, HttpStatusCode expected)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Http.DefaultRequestHeaders.Remove("x-functions-key");

        HttpResponseMessage answer = await app.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Stop);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_Repository_That_Is_Not_Ours_Is_Refused_By_Name()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage answer = await app.PostAsync("api/pipeline/issues/somebody/else/1", new PipelineRequest());

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("somebody/else", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Dry_Run_Lists_Each_Write_Of_The_Whole_Way_And_Makes_None()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        HttpResponseMessage answer = await app.PostAsync($"api/pipeline/issues/{issue.Repository}/{issue.Number}", new PipelineRequest { DryRun = true });

        DryRunPlan plan = (await answer.Content.ReadFromJsonAsync(ContractJson.Default.StartResponse, Stop))!.Plan!;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("succeeded", "unified"), (plan.Outcome, plan.Route));
        Assert.Collection(
            plan.Writes,
            write => Assert.Equal(["analyzing"], write.AddLabels),
            write =>
            {
                Assert.Equal(["intelligence-analyst", "processing"], write.AddLabels.Order());
                Assert.Equal(["analyzing", "site-monitor"], write.RemoveLabels.Order());
                Assert.NotNull(write.Body);
                Assert.Null(write.Comment);
            },
            write => Assert.True(write.AssignsCopilot),
            write =>
            {
                Assert.Equal(["+copilot-assigned", "-processing"], [.. write.AddLabels.Select(l => $"+{l}"), .. write.RemoveLabels.Select(l => $"-{l}")]);
                Assert.NotNull(write.Comment);
            });
        Assert.DoesNotContain(app.GitHub.Writes, w => w.Via != "person");
        Assert.Empty(app.Ledger.Records);
    }

    [Fact]
    public async Task A_Run_With_Other_Parameters_While_One_Is_On_Is_A_Conflict_And_One_With_The_Same_Is_Joined()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        HttpStatusCode other = default;
        StartResponse? same = null;
        string path = $"api/pipeline/issues/{issue.Repository}/{issue.Number}";
        app.GitHub.Before("addLabelsToLabelable", async _ =>
        {
            other = (await app.PostAsync(path, new PipelineRequest { Stage = "analysis" })).StatusCode;
            same = await (await app.PostAsync(path, new PipelineRequest())).Content.ReadFromJsonAsync(ContractJson.Default.StartResponse, Stop);
        });

        await app.RunAsync(issue);

        Assert.Equal(HttpStatusCode.Conflict, other);
        Assert.False(same!.Started);
        Assert.Single(app.RecordsOf(issue));
    }

    [Fact]
    public async Task Status_Shows_The_Step_At_Hand_And_Then_The_Last_Record()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        string path = $"api/pipeline/issues/{issue.Repository}/{issue.Number}";
        IssueStatus never = (await app.Http.GetFromJsonAsync(path, ContractJson.Default.IssueStatus, Stop))!;
        IssueStatus? on = null;
        app.GitHub.Before("model", async _ => on = await app.Http.GetFromJsonAsync(path, ContractJson.Default.IssueStatus, Stop));

        await app.RunAsync(issue);
        IssueStatus ended = (await app.Http.GetFromJsonAsync(path, ContractJson.Default.IssueStatus, Stop))!;

        Assert.Equal(("none", false, null), (never.RuntimeStatus, never.Active, never.LastRun));
        Assert.Equal((true, "AnalyzeUnified"), (on!.Active, on.Progress?.Step));
        Assert.Equal((false, "completed", "succeeded"), (ended.Active, ended.RuntimeStatus, ended.LastRun?.Outcome));
    }

    [Fact]
    public async Task A_Batch_Starts_Urgent_Issues_First_Up_To_Its_Size()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef[] issues = [app.OpenClear(), app.OpenClear(), app.OpenClear("urgent"), app.OpenClear("feature")];

        HttpResponseMessage answer = await app.PostAsync("api/pipeline/batch", new BatchRequest { BatchSize = 2 });
        await app.IdleAsync();

        BatchResponse batch = (await answer.Content.ReadFromJsonAsync(ContractJson.Default.BatchResponse, Stop))!;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal([issues[2].Canonical, issues[0].Canonical], batch.Issues.Select(i => i.Issue));
        Assert.Equal(2, app.Ledger.Records.Count(r => r is { Outcome: RunOutcome.Succeeded, Trigger: TriggerNames.Batch }));
    }

    [Fact]
    public async Task A_Batch_Whose_Repository_Cannot_Be_Listed_Says_So()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new() { ["GitHub:Repositories"] = "octo-org/gone" });

        HttpResponseMessage answer = await app.PostAsync("api/pipeline/batch", new BatchRequest());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("octo-org/gone", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_The_Durable_Engine_Cannot_Write_A_Start_Is_Answered_503_And_Health_Says_Why()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        await using SqliteConnection other = new($"Data Source={app.Services.GetRequiredService<EmbeddedTaskHub>().Options.DatabasePath};Pooling=False");
        await other.OpenAsync(Stop);
        SqliteTransaction writing = other.BeginTransaction(deferred: false);

        HttpResponseMessage refused = await app.PostAsync($"api/pipeline/issues/{issue.Repository}/{issue.Number}", new PipelineRequest());
        HttpResponseMessage health = await app.Http.GetAsync("api/health/details", Stop);
        HttpResponseMessage open = await app.Http.GetAsync("api/health", Stop);
        await writing.DisposeAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("durable engine", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, open.StatusCode);
        Assert.Contains("Another program holds the durable database", await health.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Rollback_Is_Named_In_The_Health_Details_And_Not_Without_A_Key()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        HttpResponseMessage done = await app.PostAsync("api/rollout/rollback", new OperatorRequest { Operator = "ada", Reason = "wrong guidance" });
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);

        Assert.Contains("Rolled back since", await app.Http.GetStringAsync("api/health/details", Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("rolled back", await app.Http.GetStringAsync("api/health", Stop), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Health_Names_Version_And_Flags_And_No_Secret()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        string text = await app.Http.GetStringAsync("api/health/details", Stop);

        Assert.Contains("flags", text, StringComparison.Ordinal);
        Assert.Contains("\"version\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(PipelineApp.Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(app.GitHub.Credentials.Token, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_A_Key_Health_Tells_Only_Whether_Each_Check_Is_In_Order()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Http.DefaultRequestHeaders.Remove("x-functions-key");

        HealthReport report = (await app.Http.GetFromJsonAsync("api/health", ContractJson.Default.HealthReport, Stop))!;

        Assert.NotEmpty(report.Checks);
        Assert.Equal(string.Empty, report.Version);
        Assert.All(report.Checks, check => Assert.Equal(string.Empty, check.Detail));
    }
}
