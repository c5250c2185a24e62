using System.Net;
using System.Text.Json;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The route that exports read: pages of issues with what became of them.</summary>
public sealed class HistoryRouteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Processed_Issue_Is_Shown_As_It_Was_Opened_With_What_Became_Of_It()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();
        string opened = app.GitHub.Issue(issue.Number)!.Body;
        await app.RunAsync(issue);
        int writes = app.GitHub.Writes.Count;

        (HttpStatusCode status, string body, _) = await GetAsync(app, $"history?repo={PipelineApp.Repository}");

        Assert.Equal(HttpStatusCode.OK, status);
        HistoryPage page = JsonSerializer.Deserialize(body, ExportJson.Default.HistoryPage)!;
        IssueHistory read = Assert.Single(page.Issues);
        Assert.Null(page.Next);
        Assert.Equal(opened, read.Body);
        Assert.NotEqual(opened, app.GitHub.Issue(issue.Number)!.Body);
        Assert.Equal(["assignment"], read.OwnComments);
        Assert.Contains("copilot-assigned", read.Labels);
        Assert.All(read.LabelEvents.Where(e => e.Label != "site-monitor"), e => Assert.True(e.IsByBot));
        Assert.Contains(read.LabelEvents, e => e is { Label: "analyzing", IsAdded: false });
        Assert.Contains(read.AssigneeEvents, e => e is { Assignee: "copilot-swe-agent[bot]", IsAssigned: true });
        Assert.Equal(writes, app.GitHub.Writes.Count);
    }

    [Theory]
    [InlineData("history", HttpStatusCode.BadRequest, "repo: must be owner/name.")]
    [InlineData("history?repo=nonsense&since=soon", HttpStatusCode.BadRequest, "since: expected a time")]
    [InlineData("history?repo=other/repository", HttpStatusCode.Forbidden, "is not in GitHub:Repositories")]
    [InlineData("history?repo=octo-org/watchtower&after=x", HttpStatusCode.BadGateway, "begin without it")]
    public async Task What_Cannot_Be_Read_Is_Refused_With_What_To_Do(string path, HttpStatusCode expected, string says)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        (HttpStatusCode status, string body, _) = await GetAsync(app, path);

        Assert.Equal(expected, status);
        Assert.Contains(says, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Rate_Limit_Is_Answered_With_When_To_Ask_Again()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.OpenClear();
        app.GitHub.Inject(new FaultRule { Match = "query repository", Effect = FaultEffect.SecondaryLimit, RetryAfter = 20 });

        (HttpStatusCode status, string body, TimeSpan? retryAfter) = await GetAsync(app, $"history?repo={PipelineApp.Repository}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.InRange(retryAfter!.Value.TotalSeconds, 1, 60);
        Assert.Contains("Ask for the same page again in", body, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Body, TimeSpan? RetryAfter)> GetAsync(PipelineApp app, string path)
    {
        using HttpResponseMessage response = await app.Http.GetAsync($"api/{path}", Stop);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Stop), response.Headers.RetryAfter?.Delta);
    }
}
