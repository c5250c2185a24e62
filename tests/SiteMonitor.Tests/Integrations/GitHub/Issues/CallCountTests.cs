using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

public sealed class CallCountTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Whole_Run_Costs_Five_Requests_Three_Of_Them_Writes()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r.Operation switch
        {
            "ReadIssue" => GitHubJson.Read(r, GitHubJson.Issue("site-monitor")),
            "FindCopilot" => GitHubJson.Suggested(GitHubJson.Actor("Bot", "copilot-swe-agent", "BOT_1")),
            _ => GitHubJson.Written(r, GitHubJson.WithAssignee(GitHubJson.Issue("osint-researcher"), "copilot-swe-agent")),
        }));

        await RunAsync(test.Tracker, TrackerUnderTest.Issue);
        await RunAsync(test.Tracker, TrackerUnderTest.Issue);

        // The agent's id is asked for once.
        Assert.Equal(11, test.Server.Seen.Count);
        Assert.Equal(new Usage { GitHubReads = 4, GitHubWrites = 6, GitHubExtra = 1, CopilotSessions = 2 }, test.Usage with { WaitMs = 0 });
    }

    /// <summary>The calls of a run from <c>site-monitor</c> to <c>copilot-assigned</c>.</summary>
    internal static async Task RunAsync(IIssueTracker tracker, IssueRef issue)
    {
        IssueSnapshot first = (await tracker.ReadAsync(issue, Token)).Value!;
        await tracker.ApplyAsync(issue, first.NodeId, new IssueChange { AddLabels = ["analyzing"] }, Token);
        IssueSnapshot fresh = (await tracker.ReadAsync(issue, Token)).Value!;
        IssueChange prepared = new()
        {
            Body = fresh.Body + "\n\nguidance", AddLabels = ["osint-researcher", "processing"], RemoveLabels = ["site-monitor", "analyzing"],
        };
        Assert.True((await tracker.AssignCopilotAsync(fresh, prepared, Token)).Value!.Copilot.Assigned);
        IssueChange ready = new() { AddLabels = ["copilot-assigned"], RemoveLabels = ["processing"], Comment = new CommentChange("why") };
        await tracker.ApplyAsync(issue, fresh.NodeId, ready, Token);
    }
}
