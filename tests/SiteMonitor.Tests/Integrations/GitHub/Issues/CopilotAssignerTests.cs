using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

public sealed class CopilotAssignerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Copilot")]
    [InlineData("copilot-swe-agent[bot]")]
    public async Task Assigned_Over_Rest_It_Costs_One_Write_With_The_Users_Token(string shownAs)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => Rest(201, "octocat", shownAs)));

        CopilotAssignment assignment = await AssignAsync(test);

        Assert.True(assignment.Assigned);
        Assert.Equal(["osint-researcher", "processing"], assignment.Labels);
        RecordedRequest request = Assert.Single(test.Server.Seen);
        Assert.Equal(("POST", "/api/v3/repos/octo-org/site/issues/7/assignees"), (request.Method, request.Path));
        Assert.Equal("""{"assignees":["copilot-swe-agent[bot]"]}""", request.Body);
        Assert.Equal("Bearer user-token", request.Headers["Authorization"]);
        Assert.Equal(new Usage { GitHubWrites = 1, CopilotSessions = 1 }, test.Usage);
    }

    [Fact]
    public async Task An_Assignee_That_Shows_A_Moment_Later_Is_Seen()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r.Method == "POST" ? Rest(201) : Rest(200, "Copilot")));

        Assert.True((await AssignAsync(test)).Assigned);
        Assert.Equal(new Usage { GitHubWrites = 1, GitHubExtra = 1, CopilotSessions = 1 }, test.Usage);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(422)]
    public async Task Ignored_Or_Refused_By_Rest_It_Is_Assigned_Over_GraphQL(int restStatus)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r switch
        {
            { Method: "POST", Operation: "" } => Rest(restStatus, "octocat"),
            { Operation: "FindCopilot" } => Suggested(GitHubJson.Actor("User", "copilot", "U_1"), GitHubJson.Actor("Bot", "copilot-swe-agent", "BOT_1")),
            { Operation: "AssignCopilot" } => Assigned("octocat", "copilot-swe-agent"),
            _ => Rest(200, "octocat"),
        }));

        CopilotAssignment assignment = await AssignAsync(test);

        Assert.True(assignment.Assigned);
        Assert.Equal(["processing"], assignment.Labels);
        RecordedRequest mutation = test.Server.Seen[^1];
        Assert.Equal("""{"assignableId":"I_7","assigneeIds":["BOT_1"]}""", mutation.Variables["input"]!.ToJsonString());
        Assert.All(test.Server.Seen.TakeLast(2), r => Assert.Equal("issues_copilot_assignment_api_support", r.Headers["GraphQL-Features"]));
        Assert.Equal(new Usage { GitHubWrites = 1, GitHubExtra = 3, CopilotSessions = 1 }, test.Usage);
    }

    [Fact]
    public async Task Not_Offered_At_All_It_Says_What_To_Do()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r =>
            r.Operation == "FindCopilot" ? Suggested(GitHubJson.Actor("User", "octocat", "U_1")) : Rest(r.Method == "POST" ? 201 : 200)));

        CopilotAssignment assignment = await AssignAsync(test);

        Assert.False(assignment.Assigned);
        Assert.Contains("Copilot seat", assignment.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taken_By_Both_And_Shown_By_Neither_Is_Not_Assigned()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r switch
        {
            { Operation: "FindCopilot" } => Suggested(GitHubJson.Actor("Bot", "copilot-swe-agent", "BOT_1")),
            { Operation: "AssignCopilot" } => Assigned("octocat"),
            { Method: "POST" } => Rest(201),
            _ => Rest(200),
        }));

        Assert.False((await AssignAsync(test)).Assigned);
    }

    [Fact]
    public async Task A_Refusal_Of_The_Fallback_Is_No_Assignment_Rather_Than_A_Failure()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r switch
        {
            { Operation: "FindCopilot" } => GitHubJson.Error("FORBIDDEN", "Resource not accessible by integration", "repository"),
            { Method: "POST" } => Rest(201),
            _ => Rest(200),
        }));

        CopilotAssignment assignment = await AssignAsync(test);

        Assert.False(assignment.Assigned);
        Assert.Contains("GitHub:CopilotToken", assignment.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "github-unauthorized")]
    [InlineData(403, "github-forbidden")]
    [InlineData(404, "github-not-found")]
    public async Task A_Credential_GitHub_Refuses_Is_Named(int status, string code)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(_ => new FakeResponse(status, """{"message":"no"}""")));

        PermanentFailureException failure = await Assert.ThrowsAsync<PermanentFailureException>(() => AssignAsync(test));

        Assert.Equal(code, failure.Code);
        Assert.Contains("GitHub:CopilotToken", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<CopilotAssignment> AssignAsync(TrackerUnderTest test) =>
        (await test.Tracker.AssignCopilotAsync(TrackerUnderTest.Issue, "I_7", Token)).Value!;

    private static FakeResponse Rest(int status, params string[] assignees) =>
        new(status, status < 400 ? GitHubJson.RestIssue(7, ["osint-researcher", "processing"], assignees).ToJsonString() : """{"message":"Validation Failed","errors":[]}""");

    private static FakeResponse Suggested(params JsonObject[] actors) =>
        GitHubJson.Data(new JsonObject { ["repository"] = new JsonObject { ["suggestedActors"] = GitHubJson.Nodes(actors) } });

    private static FakeResponse Assigned(params string[] actors) => GitHubJson.Data(new JsonObject
    {
        ["addAssigneesToAssignable"] = new JsonObject
        {
            ["assignable"] = new JsonObject
            {
                ["__typename"] = "Issue",
                ["labels"] = GitHubJson.Nodes([GitHubJson.Label("processing")]),
                ["assignedActors"] = GitHubJson.Nodes(actors.Select(a => GitHubJson.Actor(a == "octocat" ? "User" : "Bot", a))),
            },
        },
    });
}
