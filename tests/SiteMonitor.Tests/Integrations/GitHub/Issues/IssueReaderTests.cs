using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

public sealed class IssueReaderTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_Issue_Is_Read_Whole_With_One_Request()
    {
        JsonObject issue = GitHubJson.Issue("site-monitor", "Urgent");
        issue["assignedActors"] = GitHubJson.Nodes([GitHubJson.Actor("User", "octocat"), GitHubJson.Actor("Bot", "copilot-swe-agent"), []]);
        issue["comments"] = GitHubJson.Nodes(
        [
            GitHubJson.Comment("C_2", "later", createdAt: "2026-01-03T00:00:00Z"), GitHubJson.Comment("C_1", "earlier"), GitHubJson.Comment("C_0", "a stranger's", ours: false),
        ]);
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => GitHubJson.Read(r, issue)));

        IssueSnapshot read = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!;

        Assert.Equal("I_7", read.NodeId);
        Assert.Equal("Line one\r\nLine two", read.Body);
        Assert.True(read.IsOpen);
        Assert.Equal(["site-monitor", "Urgent"], read.Labels);
        Assert.Equal(["octocat", "copilot-swe-agent[bot]"], read.Assignees);
        Assert.Equal(["C_1", "C_2"], read.OwnComments.Select(c => c.NodeId));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), read.CreatedAt);
        RecordedRequest request = Assert.Single(test.Server.Seen);
        Assert.Equal("/api/graphql", request.Path);
        Assert.Equal("Bearer app-token", request.Headers["Authorization"]);
        Assert.StartsWith("SiteMonitor", request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal(new Usage { GitHubReads = 1 }, test.Usage);
    }

    [Fact]
    public async Task Label_Ids_Are_Asked_For_Once_A_Repository()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => GitHubJson.Read(r, GitHubJson.Issue())));

        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);
        await test.Tracker.ReadAsync(IssueRef.Parse("Octo-Org/SITE#8"), Token);
        await test.Tracker.ReadAsync(IssueRef.Parse("octo-org/other#8"), Token);

        int[] labels = [.. test.Server.Seen.Select(r => r.Variables.Count(v => v.Key.StartsWith('l')))];
        Assert.Equal([12, 0, 12], labels);
    }

    [Fact]
    public async Task A_Closed_Issue_And_A_Pull_Request_Are_Told_Apart()
    {
        JsonObject closed = GitHubJson.Issue();
        (closed["closed"], closed["stateReason"]) = (true, "NOT_PLANNED");
        JsonObject pull = new()
        {
            ["__typename"] = "PullRequest", ["id"] = "PR_8", ["number"] = 8, ["title"] = "t", ["closed"] = false, ["createdAt"] = "2026-01-02T03:04:05Z",
            ["updatedAt"] = "2026-01-02T03:04:05Z", ["labels"] = GitHubJson.Nodes([]),
        };
        await using TrackerUnderTest test = TrackerUnderTest.For(
            await FakeServer.StartAsync(r => GitHubJson.Read(r, (int)r.Variables["number"]! == 7 ? closed : pull)));

        IssueSnapshot issue = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!;
        IssueSnapshot other = (await test.Tracker.ReadAsync(IssueRef.Parse("octo-org/site#8"), Token)).Value!;

        Assert.Equal((false, CloseReason.NotPlanned, false), (issue.IsOpen, issue.ClosedAs!.Value, issue.IsPullRequest));
        Assert.True(other.IsPullRequest);
    }

    [Fact]
    public async Task A_Server_Without_AssignedActors_Is_Asked_For_Assignees()
    {
        JsonObject issue = GitHubJson.Issue();
        issue.Remove("assignedActors");
        issue["assignees"] = GitHubJson.Nodes([GitHubJson.Actor("User", "octocat")]);
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
            r.Body.Contains("assignedActors", StringComparison.Ordinal) ? GitHubJson.UndefinedField("assignedActors") : GitHubJson.Read(r, issue)));

        IssueSnapshot first = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!;
        await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token);

        Assert.Equal(["octocat"], first.Assignees);
        Assert.Equal(new Usage { GitHubReads = 2, GitHubExtra = 1 }, test.Usage);
    }

    [Fact]
    public async Task An_Issue_That_Is_Not_There_Is_A_Permanent_Failure()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ =>
            GitHubJson.Error("NOT_FOUND", "Could not resolve to an issue or pull request with the number of 7.", "repository")));

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() => test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token));

        Assert.Equal("github-not-found", failure.Code);
        Assert.Contains("octo-org/site#7", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public async Task Closing_Issues_Come_With_Their_Own_Repositories()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => GitHubJson.Data(new JsonObject
        {
            ["repository"] = new JsonObject
            {
                ["pullRequest"] = new JsonObject
                {
                    ["closingIssuesReferences"] = GitHubJson.Nodes(
                    [
                        new JsonObject { ["number"] = 3, ["repository"] = new JsonObject { ["nameWithOwner"] = "octo-org/site" } },
                        new JsonObject { ["number"] = 4, ["repository"] = new JsonObject { ["nameWithOwner"] = "octo-org/other" } },
                    ]),
                },
            },
        })));

        IReadOnlyList<IssueRef> issues = (await test.Tracker.ReadClosingIssuesAsync(TrackerUnderTest.Issue.Repository, 9, Token)).Value!;

        Assert.Equal(["octo-org/site#3", "octo-org/other#4"], issues.Select(i => i.ToString()));
        Assert.Equal(new Usage { GitHubReads = 1 }, test.Usage);
    }

    [Fact]
    public async Task Who_Writes_Is_Asked_For_Once_And_The_User_Who_Only_Assigns_Copilot_Is_Not_Among_Us()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => GitHubJson.Data(new JsonObject
        {
            ["viewer"] = new JsonObject { ["login"] = r.Headers["Authorization"] == "Bearer user-token" ? "operator" : "monitor-app[bot]" },
        })));

        IReadOnlySet<string> logins = await test.Tracker.GetOwnLoginsAsync(Token);
        await test.Tracker.GetOwnLoginsAsync(Token);

        Assert.Equal(["monitor-app[bot]"], logins);
        Assert.Contains("Monitor-App[bot]", logins);
        Assert.Equal("operator", test.Tracker.UserLogin);
        Assert.Equal(2, test.Server.Seen.Count);
    }

    [Theory]
    [InlineData("closedByPullRequestsReferences")]
    [InlineData("timelineItems")]
    public async Task A_Pull_Request_Or_Label_That_The_Credential_Cannot_See_Leaves_The_Issue_Readable(string hidden)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => Hidden(r, hidden)));
        await using TrackerUnderTest other = TrackerUnderTest.For(await FakeServer.StartAsync(r => Hidden(r, "comments")));

        Assert.Equal("A finding", (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!.Title);
        Assert.Equal("github-forbidden", (await Assert.ThrowsAsync<PermanentFailureException>(() => other.Tracker.ReadAsync(TrackerUnderTest.Issue, Token))).Code);

        static FakeResponse Hidden(RecordedRequest request, string field)
        {
            JsonObject issue = GitHubJson.Issue("site-monitor");
            issue["closedByPullRequestsReferences"] = new JsonObject { ["nodes"] = new JsonArray((JsonNode?)null) };
            issue["timelineItems"] = new JsonObject { ["nodes"] = new JsonArray((JsonNode?)null) };
            JsonObject answer = JsonNode.Parse(GitHubJson.Read(request, issue).Body)!.AsObject();
            answer["errors"] = new JsonArray(new JsonObject
            {
                ["type"] = "FORBIDDEN",
                ["message"] = "Although you appear to have the correct authorization credentials, the organization has enabled SAML SSO.",
                ["path"] = new JsonArray("repository", "issueOrPullRequest", field, "nodes", 0),
            });
            return FakeResponse.Ok(answer);
        }
    }

    [Fact]
    public async Task A_Rate_Limit_On_The_Question_Who_We_Are_Is_Transient()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => new FakeResponse(429, "{}").With("retry-after", "9")));
        Assert.Equal("github-limited", (await Assert.ThrowsAsync<TransientFailureException>(() => test.Tracker.GetOwnLoginsAsync(Token))).Code);
    }
}
