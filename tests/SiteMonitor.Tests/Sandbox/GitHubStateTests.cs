using System.Net;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Tests.Sandbox;

/// <summary>What GitHub does when issues and repositories are locked, moved, renamed or closed to writes.</summary>
public sealed class GitHubStateTests : IAsyncLifetime
{
    private const string Moved = "octo-org/elsewhere";
    private SandboxServer _server = null!;
    private SandboxClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestSandbox.StartAsync(o => o with { WebhookSecret = "secret" });
        _client = SandboxClient.OfOperator(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_Locked_Issue_Takes_Text_And_Labels_And_Refuses_The_Comment_Of_The_Same_Request()
    {
        Perform(UserActionKind.Lock, 1);
        string id = await _client.IssueIdAsync(1);
        string label = await _client.LabelIdAsync("urgent");

        SandboxResponse response = await _client.GraphAsync(
            """
            mutation($id: ID!, $label: ID!) {
              text: updateIssue(input: {id: $id, body: "new"}) { issue { body locked } }
              comment: addComment(input: {subjectId: $id, body: "done"}) { clientMutationId }
              labels: addLabelsToLabelable(input: {labelableId: $id, labelIds: [$label]}) { clientMutationId }
            }
            """,
            new { id, label });

        JsonNode error = Assert.Single(response.Json["errors"]!.AsArray())!;
        Assert.Equal(("FORBIDDEN", "comment"), ((string?)error["type"], (string?)error["path"]![0]));
        Assert.Null(response.Json["data"]!["comment"]);
        Assert.Equal("new", (string?)response.Json["data"]!["text"]!["issue"]!["body"]);
        IssueView issue = _server.Issue(1)!;
        Assert.True(issue.IsLocked && issue.Labels.Contains("urgent"));
        Perform(UserActionKind.Unlock, 1);
        Assert.Null((await _client.CommentAsync(1, "done")).Json["errors"]);
    }

    [Fact]
    public async Task An_Assignment_Answers_With_The_Body_As_It_Then_Is()
    {
        string id = await _client.IssueIdAsync(1);

        JsonNode data = await _client.DataAsync(
            """
            mutation($id: ID!, $actor: ID!) {
              updateIssue(input: {id: $id, body: "written first"}) { issue { id } }
              addAssigneesToAssignable(input: {assignableId: $id, assigneeIds: [$actor]}) {
                assignable { ... on Issue { body assignedActors(first: 10) { nodes { ... on Bot { login } } } } }
              }
            }
            """,
            new { id, actor = "BOT_kgDOC9w8XQ" },
            ("GraphQL-Features", "issues_copilot_assignment_api_support"));

        JsonNode issue = data["addAssigneesToAssignable"]!["assignable"]!;
        Assert.Equal("written first", (string?)issue["body"]);
        Assert.Equal("copilot-swe-agent", (string?)issue["assignedActors"]!["nodes"]![0]!["login"]);
    }

    [Fact]
    public async Task A_Renamed_Repository_Redirects_Rest_And_Is_Found_By_Both_Names_In_GraphQL()
    {
        string before = await _client.IssueIdAsync(2);
        _server.Perform(new UserAction { Do = UserActionKind.RenameRepository, Value = "lookout" });

        SandboxResponse read = await _client.GetAsync($"{SandboxClient.Repository}/issues/2");
        Assert.Equal((HttpStatusCode.MovedPermanently, "/repos/octo-org/lookout/issues/2"), (read.Status, new Uri(read.Headers["location"]).AbsolutePath));
        SandboxResponse write = await _client.PatchAsync($"{SandboxClient.Repository}/issues/2", new { title = "x" });
        Assert.Equal(HttpStatusCode.TemporaryRedirect, write.Status);
        Assert.Equal(before, (string?)(await _client.GetAsync("/repos/octo-org/lookout/issues/2")).Json["node_id"]);
        foreach (string name in (string[])["watchtower", "lookout"])
        {
            JsonNode data = await _client.DataAsync(
                $$"""{ repository(owner: "octo-org", name: "{{name}}") { nameWithOwner issue(number: 2) { id } } }""");
            Assert.Equal("octo-org/lookout", (string?)data["repository"]!["nameWithOwner"]);
            Assert.Equal(before, (string?)data["repository"]!["issue"]!["id"]);
        }
    }

    [Fact]
    public async Task A_Transferred_Issue_Is_Redirected_By_Rest_And_Gone_In_GraphQL()
    {
        string id = await _client.IssueIdAsync(3);
        IssueView moved = _server.Perform(new UserAction { Do = UserActionKind.Transfer, Number = 3, Value = Moved })!;

        Assert.Equal((Moved, 1), (moved.Repository, moved.Number));
        Assert.Empty(moved.Labels);
        SandboxResponse read = await _client.GetAsync($"{SandboxClient.Repository}/issues/3");
        Assert.Equal((HttpStatusCode.MovedPermanently, $"/repos/{Moved}/issues/1"), (read.Status, new Uri(read.Headers["location"]).AbsolutePath));
        Assert.Equal("NOT_FOUND", (await _client.GraphAsync("query($id: ID!) { node(id: $id) { id } }", new { id })).ErrorType);
        Assert.Contains(_server.Deliveries, d => d is { Event: "issues", Action: "transferred", Number: 3 });
    }

    [Fact]
    public async Task An_Issue_Converted_To_A_Discussion_Is_Gone()
    {
        Perform(UserActionKind.ConvertToDiscussion, 4);

        Assert.Equal(HttpStatusCode.Gone, (await _client.GetAsync($"{SandboxClient.Repository}/issues/4")).Status);
    }

    [Fact]
    public async Task An_Archived_Repository_Can_Be_Read_And_Not_Written()
    {
        Perform(UserActionKind.ArchiveRepository);

        Assert.True((bool)(await _client.GetAsync(SandboxClient.Repository)).Json["archived"]!);
        SandboxResponse write = await _client.PatchAsync($"{SandboxClient.Repository}/issues/1", new { title = "x" });
        Assert.Equal((HttpStatusCode.Forbidden, "Repository was archived so is read-only."), (write.Status, write.Message));
        JsonNode data = await _client.DataAsync(
            """{ repository(owner: "octo-org", name: "watchtower") { isArchived issue(number: 1) { title } } }""");
        Assert.True((bool)data["repository"]!["isArchived"]!);
        Assert.NotEqual("x", (string?)data["repository"]!["issue"]!["title"]);
        Perform(UserActionKind.UnarchiveRepository);
        Assert.Equal(HttpStatusCode.OK, (await _client.PatchAsync($"{SandboxClient.Repository}/issues/1", new { title = "x" })).Status);
    }

    [Fact]
    public async Task With_Issues_Disabled_None_Is_Found()
    {
        string id = await _client.IssueIdAsync(1);
        Perform(UserActionKind.DisableIssues);

        Assert.Equal(HttpStatusCode.Gone, (await _client.GetAsync($"{SandboxClient.Repository}/issues/1")).Status);
        SandboxResponse response = await _client.GraphAsync(
            """{ repository(owner: "octo-org", name: "watchtower") { hasIssuesEnabled issue(number: 1) { id } } }""");
        Assert.Equal("NOT_FOUND", response.ErrorType);
        Assert.False((bool)response.Json["data"]!["repository"]!["hasIssuesEnabled"]!);
        Assert.Equal("NOT_FOUND", (await _client.GraphAsync("query($id: ID!) { node(id: $id) { id } }", new { id })).ErrorType);
    }

    [Fact]
    public async Task A_Stale_Read_Does_Not_See_An_Issue_Just_Opened()
    {
        IssueView opened = _server.Perform(new UserAction { Do = UserActionKind.Open, Value = "New" })!;
        _server.Inject(new FaultRule { Match = "query", Effect = FaultEffect.StaleRead });
        string query = $$"""{ repository(owner: "octo-org", name: "watchtower") { issue(number: {{opened.Number}}) { title } } }""";

        Assert.Equal("NOT_FOUND", (await _client.GraphAsync(query)).ErrorType);
        Assert.Equal("New", (string?)(await _client.DataAsync(query))["repository"]!["issue"]!["title"]);
    }

    [Fact]
    public async Task A_Stale_Read_Sees_The_Labels_Of_Before()
    {
        Perform(UserActionKind.AddLabel, 1, "urgent");
        _server.Inject(new FaultRule { Match = "rest read", Effect = FaultEffect.StaleRead });

        Assert.DoesNotContain("urgent", (await _client.GetAsync($"{SandboxClient.Repository}/issues/1")).Names("labels"));
        Assert.Contains("urgent", (await _client.GetAsync($"{SandboxClient.Repository}/issues/1")).Names("labels"));
    }

    [Fact]
    public void One_Author_Can_Open_Many_Issues_At_Once()
    {
        int before = _server.Issues(SeedCatalogue.Repository).Count;

        _server.Perform(new UserAction { Do = UserActionKind.Open, Value = "Flood", Login = "stranger", Labels = ["site-monitor"], Times = 50 });

        IssueView[] opened = [.. _server.Issues(SeedCatalogue.Repository).Skip(before)];
        Assert.Equal(50, opened.Length);
        Assert.Equal(50, opened.Select(i => i.Title).Distinct().Count());
    }

    [Theory]
    [InlineData(AuthorBehaviour.SwapsBeforeText)]
    [InlineData(AuthorBehaviour.SwapsBeforeAssignment)]
    [InlineData(AuthorBehaviour.EditsBeforeEveryWrite)]
    public async Task An_Editing_Author_Comes_Just_Before_The_Request(AuthorBehaviour behaviour)
    {
        _server.Author = behaviour;
        string id = await _client.IssueIdAsync(1);

        await _client.DataAsync(
            behaviour == AuthorBehaviour.SwapsBeforeAssignment
                ? "mutation($id: ID!) { addAssigneesToAssignable(input: {assignableId: $id, assigneeIds: []}) { clientMutationId } }"
                : """mutation($id: ID!) { updateIssue(input: {id: $id, body: "ours"}) { clientMutationId } }""",
            new { id });

        IssueView issue = _server.Issue(1)!;
        Assert.Contains(issue.BodyHistory, body => body.EndsWith(AuthorEditSimulator.SwappedText, StringComparison.Ordinal));
        Assert.Equal(behaviour != AuthorBehaviour.SwapsBeforeAssignment, issue.Body == "ours");
        Assert.Equal(behaviour != AuthorBehaviour.EditsBeforeEveryWrite, issue.Title == AuthorEditSimulator.SwappedText);
    }

    private void Perform(UserActionKind kind, int number = 0, string value = "") =>
        _server.Perform(new UserAction { Do = kind, Number = number, Value = value });
}
