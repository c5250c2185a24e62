using System.Text.Json.Nodes;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

public sealed class CopilotAssignerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private static readonly IssueChange Prepared = new()
    {
        Body = "Line one\r\nLine two\n\nguidance", AddLabels = ["osint-researcher", "processing"], RemoveLabels = ["site-monitor", "analyzing"],
    };

    [Fact]
    public async Task Text_Labels_And_Assignment_Go_In_One_Request_With_The_Users_Token()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(After(Prepared.Body!)));

        AssignCopilotResult result = await AssignCopilotAsync(test);

        RecordedRequest write = test.Server.Seen[^1];
        Assert.Equal("Bearer user-token", write.Headers["Authorization"]);
        Assert.Equal("issues_copilot_assignment_api_support", write.Headers["GraphQL-Features"]);
        Assert.Equal(Prepared.Body, (string)write.Variables["body"]!["body"]!);
        Assert.Equal("""{"assignableId":"I_7","assigneeIds":["BOT_1"]}""", write.Variables["assign"]!.ToJsonString());
        string document = (string)write.Json["query"]!;
        Assert.True(document.IndexOf("addAssigneesToAssignable", StringComparison.Ordinal) > document.IndexOf("updateIssue", StringComparison.Ordinal));
        Assert.True(result is { Copilot.Assigned: true, IsTextAsWritten: true, Issue.Labels: ["osint-researcher", "processing"] });
        Assert.Equal("octo-operator", test.Tracker.UserLogin);
        Assert.Equal(new Usage { GitHubReads = 1, GitHubWrites = 1, GitHubExtra = 1, CopilotSessions = 1 }, test.Usage);
    }

    [Theory]
    [InlineData("A finding", "Line one\nLine two\n\nguidance\n", true)]
    [InlineData("A finding", "swapped", false)]
    [InlineData("A finding", "", false)]
    [InlineData("A finding", "Line one\r\nLine two\n\nguidance, and more", false)]
    [InlineData("Another title", "Line one\r\nLine two\n\nguidance", false)]
    public async Task A_Text_That_Is_Not_What_Was_Written_Is_Told(string title, string body, bool expected)
    {
        JsonObject after = After(body);
        after["title"] = title;
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(after));

        AssignCopilotResult result = await AssignCopilotAsync(test);

        Assert.Equal(expected, result.IsTextAsWritten);
        Assert.Equal(body, result.Issue.Body);
    }

    [Theory]
    [InlineData("body", "FORBIDDEN", WaitCodes.WriteRefused)]
    [InlineData("add", "UNPROCESSABLE", "github-unprocessable")]
    [InlineData("remove", "NOT_FOUND", "github-node-gone")]
    [InlineData("body", "SERVICE_UNAVAILABLE", "github-server-error")]
    public async Task Where_Text_Or_Label_Is_Refused_Copilot_Is_Unassigned_At_Once(string field, string type, string code)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(After(Prepared.Body!), request => request.Variables.ContainsKey("assign") ? (type, field) : null));

        PipelineException failure = await Assert.ThrowsAnyAsync<PipelineException>(() => AssignCopilotAsync(test));

        Assert.Equal(code, failure.Code);
        RecordedRequest last = test.Server.Seen[^1];
        Assert.Equal("""{"assignableId":"I_7","assigneeIds":["BOT_1"]}""", last.Variables["unassign"]!.ToJsonString());
        Assert.False(last.Variables.ContainsKey("body"));
    }

    [Theory]
    [InlineData("FORBIDDEN", CopilotAssignment.Forbidden, "read and write access to actions, contents, issues and pull requests")]
    [InlineData("UNPROCESSABLE", CopilotAssignment.Ignored, "check its seat")]
    [InlineData("NOT_FOUND", CopilotAssignment.Ignored, "check its seat")]
    public async Task A_Refused_Assignment_Leaves_The_Text_And_Says_Why(string type, string code, string advice)
    {
        JsonObject after = After(Prepared.Body!);
        after["assignedActors"] = GitHubJson.Nodes([]);
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(after, request => request.Variables.ContainsKey("assign") ? (type, "assign") : null));

        AssignCopilotResult result = await AssignCopilotAsync(test);

        Assert.Equal((false, code), (result.Copilot.Assigned, result.Copilot.Code));
        Assert.Contains(advice, result.Copilot.Detail, StringComparison.Ordinal);
        Assert.True(result.IsTextAsWritten);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_GraphQL_Does_Not_Take_Is_Tried_Over_Rest(bool offered)
    {
        JsonObject after = After(Prepared.Body!);
        after["assignedActors"] = GitHubJson.Nodes([]);
        JsonObject rest = GitHubJson.RestIssue(7, ["processing"], ["Copilot"]);
        rest["body"] = "swapped";
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r switch
        {
            { Operation: "ReadIssue" } => GitHubJson.Read(r, GitHubJson.Issue("site-monitor")),
            { Operation: "FindCopilot" } => offered ? GitHubJson.Suggested(GitHubJson.Actor("Bot", "copilot-swe-agent", "BOT_1")) : GitHubJson.Suggested(),
            { Operation: "ApplyChange" } => GitHubJson.Written(r, after.DeepClone().AsObject()),
            _ => new FakeResponse(201, rest.ToJsonString()),
        }));

        AssignCopilotResult result = await AssignCopilotAsync(test);

        Assert.True(result.Copilot.Assigned);
        Assert.False(result.IsTextAsWritten);
        Assert.Equal(offered, test.Server.Seen.Single(r => r.Operation == "ApplyChange").Variables.ContainsKey("assign"));
    }

    [Fact]
    public async Task Ten_Assignees_Are_The_Reason_And_Nothing_Is_Written()
    {
        JsonObject issue = GitHubJson.Issue("site-monitor");
        issue["assignedActors"] = GitHubJson.Nodes(Enumerable.Range(1, 10).Select(i => GitHubJson.Actor("User", $"person-{i}")));
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => GitHubJson.Read(r, issue)));

        AssignCopilotResult result = await AssignCopilotAsync(test);

        Assert.Equal((false, CopilotAssignment.AssigneeLimit), (result.Copilot.Assigned, result.Copilot.Code));
        Assert.Contains("10 assignees", result.Copilot.Detail, StringComparison.Ordinal);
        Assert.Equal("ReadIssue", Assert.Single(test.Server.Seen).Operation);
    }

    [Fact]
    public async Task Assigned_And_Written_Before_It_Costs_Nothing()
    {
        JsonObject issue = GitHubJson.WithAssignee(GitHubJson.Issue("osint-researcher"), "copilot-swe-agent");
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => GitHubJson.Read(r, issue)));
        IssueSnapshot read = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!;

        AssignCopilotResult result = (await test.Tracker.AssignCopilotAsync(read, IssueChange.None, Token)).Value!;

        Assert.True(result is { Copilot.Assigned: true, IsTextAsWritten: true });
        Assert.Single(test.Server.Seen);
    }

    [Fact]
    public async Task A_Comment_Has_No_Place_In_It()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(After("x")));
        IssueSnapshot read = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!;

        await Assert.ThrowsAsync<ArgumentException>(() => test.Tracker.AssignCopilotAsync(read, Prepared with { Comment = new CommentChange("c") }, Token));
    }

    [Fact]
    public async Task Taken_Back_It_Is_Unassigned_Before_The_Text_Changes()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await StartAsync(After("restored")));
        IssueSnapshot read = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!;

        IssueSnapshot after = (await test.Tracker.UnassignCopilotAsync(read, new IssueChange { Body = "restored", RemoveLabels = ["processing"] }, Token)).Value!;

        string document = (string)test.Server.Seen[^1].Json["query"]!;
        Assert.True(document.IndexOf("removeAssigneesFromAssignable", StringComparison.Ordinal) < document.IndexOf("updateIssue", StringComparison.Ordinal));
        Assert.Equal("Bearer user-token", test.Server.Seen[^1].Headers["Authorization"]);
        Assert.Equal("restored", after.Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_The_Agents_Id_It_Is_Unassigned_Over_Rest_And_The_Result_Shows_Whether_That_Worked(bool works)
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r switch
        {
            { Operation: "ReadIssue" } => GitHubJson.Read(r, After("swapped")),
            { Operation: "FindCopilot" } => GitHubJson.Suggested(),
            { Operation: "ApplyChange" } => GitHubJson.Written(r, works ? GitHubJson.Issue("osint-researcher", "processing") : After("restored")),
            _ => works ? new FakeResponse(200, """{"number":7,"assignees":[]}""") : new FakeResponse(403, """{"message":"no"}"""),
        }));
        IssueSnapshot read = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!;

        IssueSnapshot after = (await test.Tracker.UnassignCopilotAsync(read, new IssueChange { Body = "restored" }, Token)).Value!;

        Assert.Equal(!works, after.Assignees.Any(CopilotLogin.IsCopilot));
        RecordedRequest rest = Assert.Single(test.Server.Seen, r => r.Method == "DELETE");
        Assert.EndsWith("/issues/7/assignees", rest.Path, StringComparison.Ordinal);
        Assert.Equal("ApplyChange", test.Server.Seen[^1].Operation);
    }

    [Fact]
    public async Task A_Rate_Limit_Of_The_Users_Token_Is_A_Value()
    {
        await using TrackerUnderTest test = TrackerUnderTest.For(await FakeServer.StartAsync(r => r.Operation switch
        {
            "ReadIssue" => GitHubJson.Read(r, GitHubJson.Issue("site-monitor")),
            "FindCopilot" => GitHubJson.Suggested(GitHubJson.Actor("Bot", "copilot-swe-agent", "BOT_1")),
            _ => GitHubJson.Error("RATE_LIMITED"),
        }));
        IssueSnapshot read = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!;

        Assert.True((await test.Tracker.AssignCopilotAsync(read, Prepared, Token)).IsRateLimited);
    }

    private static async Task<AssignCopilotResult> AssignCopilotAsync(TrackerUnderTest test)
    {
        IssueSnapshot read = (await test.Tracker.ReadAsync(TrackerUnderTest.Issue, Token)).Value!;
        return (await test.Tracker.AssignCopilotAsync(read, Prepared, Token)).Value!;
    }

    private static JsonObject After(string body)
    {
        JsonObject issue = GitHubJson.WithAssignee(GitHubJson.Issue("osint-researcher", "processing"), "copilot-swe-agent");
        issue["body"] = body;
        return issue;
    }

    /// <param name="error">Type and alias of the mutation that GitHub refuses in a request; null for none.</param>
    private static Task<FakeServer> StartAsync(JsonObject after, Func<RecordedRequest, (string Type, string Field)?>? error = null) =>
        FakeServer.StartAsync(r => r switch
        {
            { Operation: "ReadIssue" } => GitHubJson.Read(r, GitHubJson.Issue("site-monitor", "analyzing")),
            { Operation: "FindCopilot" } => GitHubJson.Suggested(GitHubJson.Actor("Bot", "copilot-swe-agent", "BOT_1")),
            { Operation: "ApplyChange" } when error?.Invoke(r) is { } refused => GitHubJson.PartlyRefused(r, after, refused.Type, refused.Field),
            { Operation: "ApplyChange" } => GitHubJson.Written(r, after.DeepClone().AsObject()),
            _ => new FakeResponse(403, """{"message":"Resource not accessible"}"""),
        });
}
