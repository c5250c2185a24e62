using System.Net;
using System.Net.Http.Json;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The state of an issue, as its status route reads it from GitHub.</summary>
public sealed class IssueStateRouteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_State_Is_The_Issues_And_Follows_Its_Labels()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef issue = app.OpenClear();

        Assert.Equal("discovered", (await ReadAsync(app, issue)).State);
        await app.RunAsync(issue);
        IssueStatus ended = await ReadAsync(app, issue);

        Assert.Equal(("ready", "completed", string.Empty), (ended.State, ended.RuntimeStatus, ended.StateProblem));
        Assert.Empty((await app.Http.GetFromJsonAsync(PathOf(issue), ContractJson.Default.IssueStatus, Stop))!.State);
    }

    [Fact]
    public async Task An_Issue_That_GitHub_Does_Not_Have_Is_Not_Found()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueRef missing = app.OpenClear() with { Number = 999999 };

        using HttpResponseMessage response = await app.Http.GetAsync(PathOf(missing) + "?state=true", Stop);
        string body = await response.Content.ReadAsStringAsync(Stop);

        Assert.True(response.StatusCode == HttpStatusCode.NotFound, body);
        Assert.Contains("There is no such issue.", body, StringComparison.Ordinal);
    }

    private static string PathOf(IssueRef issue) => $"api/pipeline/issues/{issue.Repository}/{issue.Number}";

    private static async Task<IssueStatus> ReadAsync(PipelineApp app, IssueRef issue) =>
        (await app.Http.GetFromJsonAsync(PathOf(issue) + "?state=true", ContractJson.Default.IssueStatus, Stop))!;
}
