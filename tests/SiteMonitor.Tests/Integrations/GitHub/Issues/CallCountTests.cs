using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

public sealed class CallCountTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Whole_Run_Costs_Six_Requests_Four_Of_Them_Writes()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r.Operation switch
        {
            "ReadIssue" => GitHubJson.Read(r, GitHubJson.Issue("site-monitor")),
            "ApplyChange" => GitHubJson.Written(r, GitHubJson.Issue("osint-researcher")),
            _ => new FakeResponse(201, GitHubJson.RestIssue(7, ["osint-researcher"], ["Copilot"]).ToJsonString()),
        }));

        await RunAsync(test.Tracker, TrackerUnderTest.Issue);

        Assert.Equal(6, test.Server.Seen.Count);
        Assert.Equal(new Usage { GitHubReads = 2, GitHubWrites = 4 }, test.Usage with { WaitMs = 0 });
    }

    /// <summary>The calls of a run from <c>site-monitor</c> to <c>copilot-assigned</c>.</summary>
    internal static async Task RunAsync(IIssueTracker tracker, IssueRef issue)
    {
        IssueSnapshot first = (await tracker.ReadAsync(issue, Token)).Value!;
        await tracker.ApplyAsync(issue, first.NodeId, new IssueChange { AddLabels = ["analyzing"] }, Token);
        IssueSnapshot fresh = (await tracker.ReadAsync(issue, Token)).Value!;
        IssueChange prepared = new()
        {
            Body = fresh.Body + "\n\nguidance", AddLabels = ["osint-researcher", "processing"], RemoveLabels = ["site-monitor", "analyzing"], Comment = new CommentChange("why"),
        };
        await tracker.ApplyAsync(issue, fresh.NodeId, prepared, Token);
        Assert.True((await tracker.AssignCopilotAsync(issue, fresh.NodeId, Token)).Value!.Assigned);
        IssueChange ready = new() { AddLabels = ["copilot-assigned"], RemoveLabels = ["processing"] };
        await tracker.ApplyAsync(issue, fresh.NodeId, ready, Token);
    }
}
