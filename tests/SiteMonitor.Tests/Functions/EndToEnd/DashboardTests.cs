using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Functions.Dashboard;

namespace SiteMonitor.Tests.Functions.EndToEnd;

public sealed class DashboardTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Page_Needs_No_Key_And_Its_Policy_Lets_Nothing_In_From_Elsewhere()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        using HttpClient stranger = new() { BaseAddress = app.Http.BaseAddress };

        HttpResponseMessage response = await stranger.GetAsync("api/dashboard", Stop);

        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task Its_Files_Are_A_Fixed_List_Served_Once_Per_Version()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        using HttpClient stranger = new() { BaseAddress = app.Http.BaseAddress };

        HttpResponseMessage script = await stranger.GetAsync("api/dashboard/main.js", Stop);
        using HttpRequestMessage again = new(HttpMethod.Get, "api/dashboard/main.js");
        again.Headers.IfNoneMatch.Add(script.Headers.ETag!);

        Assert.Equal("text/javascript", script.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotModified, (await stranger.SendAsync(again, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("api/dashboard/DashboardFiles.cs", Stop)).StatusCode);
    }

    [Fact]
    public void Nothing_Is_Loaded_From_Elsewhere_And_No_Markup_Is_Made_Of_Text() =>
        Assert.All(DashboardFiles.All, file =>
        {
            string text = System.Text.Encoding.UTF8.GetString(file.Content)
                .Replace("http://www.w3.org/2000/svg", string.Empty, StringComparison.Ordinal)
                .Replace("href: `https://github.com/", string.Empty, StringComparison.Ordinal);
            Assert.DoesNotContain("http://", text, StringComparison.Ordinal);
            Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
            Assert.DoesNotContain("eval(", text, StringComparison.Ordinal);
            Assert.DoesNotContain("style=", text, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("runs")]
    [InlineData("runs/some-run")]
    [InlineData("runs/stream")]
    [InlineData("incidents")]
    public async Task The_Data_Behind_It_Needs_The_Key(string route)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        using HttpClient stranger = new() { BaseAddress = app.Http.BaseAddress };

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync($"api/{route}", Stop)).StatusCode);
    }

    [Fact]
    public async Task Runs_Are_Filtered_And_Paged_Newest_First()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();

        RunList first = await ListAsync(scene, "limit=5&route=unified");
        RunList second = await ListAsync(scene, $"limit=5&route=unified&before={Uri.EscapeDataString(first.Next!.Value.ToString("O"))}");
        RunList failed = await ListAsync(scene, "outcome=failed,critical&limit=500");
        RunList one = await ListAsync(scene, $"issue={Uri.EscapeDataString($"{PipelineApp.Repository}#3")}");

        Assert.Equal(5, first.Runs.Count);
        Assert.All(first.Runs, run => Assert.Equal("unified", run.Route));
        Assert.Equal(first.Runs.OrderByDescending(r => r.Started).Select(r => r.RunId), first.Runs.Select(r => r.RunId));
        Assert.Empty(first.Runs.Select(r => r.RunId).Intersect(second.Runs.Select(r => r.RunId)));
        Assert.All(second.Runs, run => Assert.True(run.Started < first.Next));
        Assert.NotEmpty(failed.Runs);
        Assert.All(failed.Runs, run => Assert.Equal("failed", run.Outcome));
        Assert.Equal("scene-3", Assert.Single(one.Runs).RunId);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("outcome=lost")]
    [InlineData("route=both")]
    [InlineData("before=yesterday")]
    public async Task A_Filter_That_Makes_No_Sense_Is_Refused_By_Name(string query)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        HttpResponseMessage response = await app.Http.GetAsync($"api/runs?{query}", Stop);
        Problem problem = (await response.Content.ReadFromJsonAsync(ContractJson.Default.Problem, Stop))!;

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(query[..query.IndexOf('=', StringComparison.Ordinal)], Assert.Single(problem.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_Run_Is_Shown_With_Its_Stages()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await scene.EndRunAsync(9001);

        RunDetail detail = (await scene.App.Http.GetFromJsonAsync("api/runs/scene-9001", ContractJson.Default.Of<RunDetail>(), Stop))!;

        Assert.Equal([("analysis", "unified"), ("preparation", "unified")], detail.Stages.Select(s => (s.Stage, s.Logic)));
        Assert.Equal(11_000, detail.Stages.Sum(s => s.Ms));
        Assert.Equal("half", detail.Run.Phase);
        Assert.Equal(HttpStatusCode.NotFound, (await scene.App.Http.GetAsync("api/runs/nothing", Stop)).StatusCode);
    }

    [Fact]
    public async Task The_Stream_Tells_Of_A_Run_And_Of_A_Change_Of_The_Rollout()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        using HttpResponseMessage response = await scene.App.Http.GetAsync("api/runs/stream", HttpCompletionOption.ResponseHeadersRead, Stop);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Stop));

        string first = await ReadEventAsync(reader);
        await scene.EndRunAsync(9002, RunOutcome.Failed);
        string run = await ReadEventAsync(reader);
        await scene.PostAsync("rollout/freeze", new OperatorRequest { Operator = "maria", Reason = "a look at the failed run" });
        string change = await ReadEventAsync(reader);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("event: active\n", first, StringComparison.Ordinal);
        Assert.StartsWith("event: run\nid: ", run, StringComparison.Ordinal);
        Assert.Contains("\"scene-9002\"", run, StringComparison.Ordinal);
        Assert.StartsWith("event: rollout\ndata: {\"sequence\":", change, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Client_That_Comes_Back_To_The_Stream_Gets_What_It_Missed()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await scene.EndRunAsync(9003);
        await scene.EndRunAsync(9004);
        RunSummary[] newest = [.. (await ListAsync(scene, "limit=2")).Runs.OrderBy(r => r.Ended)];
        Assert.Equal(["scene-9003", "scene-9004"], newest.Select(r => r.RunId));

        using HttpResponseMessage response = await scene.App.Http.GetAsync(
            $"api/runs/stream?since={Uri.EscapeDataString(FormattableString.Invariant($"{newest[0].Ended:O}"))}", HttpCompletionOption.ResponseHeadersRead, Stop);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(Stop));
        string first = await ReadEventAsync(reader);
        string second = await ReadEventAsync(reader);

        Assert.Contains("\"scene-9004\"", first, StringComparison.Ordinal);
        Assert.StartsWith("event: active\n", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Incidents_Come_With_Their_Timeline()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await scene.RollBackAsync();
        JsonElement open = await scene.App.Http.GetFromJsonAsync<JsonElement>("api/incidents?state=open", Stop);
        JsonElement incident = Assert.Single(open.GetProperty("incidents").EnumerateArray());
        string id = incident.GetProperty("id").GetString()!;
        await scene.PostAsync($"incidents/{id}/update", new OperatorRequest { Operator = "tom", Reason = "the labels are being created" });
        await scene.PostAsync($"incidents/{id}/resolve", new OperatorRequest { Operator = "tom", Reason = "labels created" });

        JsonElement resolved = await scene.App.Http.GetFromJsonAsync<JsonElement>($"api/incidents/{id}", Stop);
        JsonElement none = await scene.App.Http.GetFromJsonAsync<JsonElement>("api/incidents?state=open", Stop);

        string[] told = [.. resolved.GetProperty("timeline").EnumerateArray().Select(e => e.GetProperty("what").GetString()!)];
        Assert.Equal("opened", told[0]);
        Assert.Contains("resolved", told);
        Assert.Contains(resolved.GetProperty("timeline").EnumerateArray(), e => e.GetProperty("text").GetString() == "the labels are being created");
        Assert.Empty(none.GetProperty("incidents").EnumerateArray());
    }

    private static async Task<RunList> ListAsync(DashboardScene scene, string query) =>
        (await scene.App.Http.GetFromJsonAsync($"api/runs?{query}", ContractJson.Default.Of<RunList>(), Stop))!;

    private static async Task<string> ReadEventAsync(StreamReader reader)
    {
        string text = string.Empty;
        while (await reader.ReadLineAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Stop) is { Length: > 0 } line)
        {
            text += $"{line}\n";
        }

        return text.StartsWith(':') ? await ReadEventAsync(reader) : text;
    }
}
