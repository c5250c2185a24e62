using System.Net;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Tests.Sandbox;

public sealed class GraphTests : IAsyncLifetime
{
    private const string ReadIssue = """
        query($number: Int!) {
          viewer { login }
          repository(owner: "octo-org", name: "watchtower") {
            id
            label(name: "analyzing") { id name }
            issueOrPullRequest(number: $number) {
              __typename
              ... on Issue {
                id number title body state stateReason closed createdAt updatedAt
                labels(first: 100) { nodes { id name } }
                assignees(first: 20) { nodes { login } }
                comments(last: 100) { totalCount nodes { id body createdAt viewerDidAuthor author { login } } }
                userContentEdits(first: 5) { totalCount nodes { editedAt diff editor { login } } }
              }
            }
          }
        }
        """;

    private SandboxServer _server = null!;
    private SandboxClient _bot = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestSandbox.StartAsync();
        _bot = new SandboxClient(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _bot.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task One_Query_Reads_All_Of_An_Issue()
    {
        _server.Perform(new UserAction { Do = UserActionKind.Comment, Number = 1, Text = "seen" });

        JsonNode data = await _bot.DataAsync(ReadIssue, new { number = 1 });
        JsonNode issue = data["repository"]!["issueOrPullRequest"]!;

        Assert.Equal("Issue", issue["__typename"]!.GetValue<string>());
        Assert.Equal(_server.Issue(1)!.Body, issue["body"]!.GetValue<string>());
        Assert.Equal("OPEN", issue["state"]!.GetValue<string>());
        Assert.Equal("site-monitor", issue["labels"]!["nodes"]![0]!["name"]!.GetValue<string>());
        Assert.False(issue["comments"]!["nodes"]![0]!["viewerDidAuthor"]!.GetValue<bool>());
        Assert.Equal("sitemonitor-bot", data["viewer"]!["login"]!.GetValue<string>());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", issue["createdAt"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_Pull_Request_Tells_The_Issues_It_Closes()
    {
        JsonNode data = await _bot.DataAsync(
            "query { repository(owner: \"octo-org\", name: \"watchtower\") { pullRequest(number: 57) { merged closingIssuesReferences(first: 10) { nodes { number repository { nameWithOwner } } } } } }");

        JsonNode pull = data["repository"]!["pullRequest"]!;
        Assert.False(pull["merged"]!.GetValue<bool>());
        Assert.Equal(54, pull["closingIssuesReferences"]!["nodes"]![0]!["number"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("issue(number: 999) { id }", "NOT_FOUND")]
    [InlineData("issue(number: 57) { id }", "NOT_FOUND")]
    [InlineData("issue(number: 1) { labels { totalCount } }", "MISSING_PAGINATION_BOUNDARIES")]
    [InlineData("issue(number: 1) { labels(first: 101) { totalCount } }", "EXCESSIVE_PAGINATION")]
    public async Task What_GitHub_Refuses_Comes_With_200_And_A_Type(string field, string type)
    {
        SandboxResponse answer = await _bot.GraphAsync($"query {{ repository(owner: \"octo-org\", name: \"watchtower\") {{ {field} }} }}");

        Assert.Equal((HttpStatusCode.OK, type), (answer.Status, answer.ErrorType));
        Assert.NotNull(answer.Json["data"]);
    }

    [Theory]
    [InlineData("query { viewer { salary } }", "undefinedField")]
    [InlineData("query { viewer(sudo: true) { login } }", "argumentNotAccepted")]
    [InlineData("query { repository(owner: \"octo-org\") { id } }", "missingRequiredArguments")]
    [InlineData("query { viewer { login }", "parseError")]
    public async Task A_Document_That_The_Schema_Does_Not_Know_Does_Not_Run(string query, string code)
    {
        SandboxResponse answer = await _bot.GraphAsync(query);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(code, answer.Json["errors"]![0]!["extensions"]!["code"]!.GetValue<string>());
        Assert.False(answer.Json.AsObject().ContainsKey("data"));
    }

    [Fact]
    public async Task An_Older_Server_Names_The_Field_It_Does_Not_Know()
    {
        await using SandboxServer older = await TestSandbox.StartAsync(o => o with { MissingGraphFields = ["assignedActors"] });
        using SandboxClient bot = new(older);
        const string Query = "query { repository(owner: \"octo-org\", name: \"watchtower\") { issue(number: 1) { assignedActors(first: 1) { totalCount } } } }";

        JsonNode error = (await bot.GraphAsync(Query)).Json["errors"]![0]!;

        Assert.Equal(
            ("undefinedField", "assignedActors", "Issue"), (
                error["extensions"]!["code"]!.GetValue<string>(), error["extensions"]!["fieldName"]!.GetValue<string>(),
                error["extensions"]!["typeName"]!.GetValue<string>()));
        Assert.NotNull(await _bot.DataAsync(Query));
    }

    [Fact]
    public async Task Mutations_Of_A_Request_Run_In_Order_And_A_Failing_One_Stops_None()
    {
        string issue = await _bot.IssueIdAsync(1);
        string label = await _bot.LabelIdAsync("analyzing");

        SandboxResponse answer = await _bot.GraphAsync(
            """
            mutation($issue: ID!, $labels: [ID!]!) {
              updateIssue(input: {id: $issue, body: "mine"}) { issue { body } }
              addLabelsToLabelable(input: {labelableId: $issue, labelIds: ["LA_nothing"]}) { labelable { __typename } }
              addComment(input: {subjectId: $issue, body: "done"}) { commentEdge { node { id viewerDidAuthor } } }
              last: addLabelsToLabelable(input: {labelableId: $issue, labelIds: $labels}) { labelable { ... on Issue { labels(first: 10) { nodes { name } } } } }
            }
            """,
            new { issue, labels = new[] { label } });

        Assert.Equal("NOT_FOUND", answer.ErrorType);
        Assert.Equal("addLabelsToLabelable", answer.Json["errors"]![0]!["path"]![0]!.GetValue<string>());
        Assert.Null(answer.Json["data"]!["addLabelsToLabelable"]);
        Assert.Equal([WriteKind.Body, WriteKind.Commented, WriteKind.LabelAdded], _server.Writes.Select(w => w.Kind));
        Assert.Equal(["site-monitor", "analyzing"], _server.Issue(1)!.Labels);
        Assert.Single(_server.Writes.Select(w => w.Request).Distinct());
    }

    [Fact]
    public async Task Edits_Come_Newest_First_And_The_First_Brings_The_Original()
    {
        string original = _server.Issue(1)!.Body;
        _server.Perform(new UserAction { Do = UserActionKind.EditBody, Number = 1, Text = "theirs", Login = "mona-lisa" });
        string issue = await _bot.IssueIdAsync(1);

        JsonNode data = await _bot.DataAsync(
            "mutation($issue: ID!) { updateIssue(input: {id: $issue, body: \"ours\"}) { issue { userContentEdits(first: 3) { totalCount nodes { diff editor { login } } } } } }",
            new { issue });

        JsonArray edits = data["updateIssue"]!["issue"]!["userContentEdits"]!["nodes"]!.AsArray();
        Assert.Equal(["ours", "theirs", original], edits.Select(e => e!["diff"]!.GetValue<string>()));
        Assert.Equal(["sitemonitor-bot", "mona-lisa", "watchtower-monitor"], edits.Select(e => e!["editor"]!["login"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Closing_Twice_Is_Logged_Once_As_Effective()
    {
        string issue = await _bot.IssueIdAsync(1);
        const string Close = "mutation($issue: ID!) { closeIssue(input: {issueId: $issue, stateReason: COMPLETED}) { issue { state stateReason } } }";

        JsonNode closed = (await _bot.DataAsync(Close, new { issue }))["closeIssue"]!["issue"]!;
        await _bot.DataAsync(Close, new { issue });

        Assert.Equal(("CLOSED", "COMPLETED"), (closed["state"]!.GetValue<string>(), closed["stateReason"]!.GetValue<string>()));
        Assert.Equal([true, false], _server.Writes.Select(w => w.Effective));
    }

    [Fact]
    public async Task A_Label_That_Exists_Cannot_Be_Created_Again()
    {
        string repository = (await _bot.DataAsync(ReadIssue, new { number = 1 }))["repository"]!["id"]!.GetValue<string>();
        const string Create = "mutation($id: ID!, $name: String!) { createLabel(input: {repositoryId: $id, name: $name, color: \"ff00aa\"}) { label { id name } } }";

        JsonNode created = await _bot.DataAsync(Create, new { id = repository, name = "brand-new" });
        SandboxResponse again = await _bot.GraphAsync(Create, new { id = repository, name = "Brand-New" });

        Assert.Equal("brand-new", created["createLabel"]!["label"]!["name"]!.GetValue<string>());
        Assert.Equal("UNPROCESSABLE", again.ErrorType);
    }

    [Fact]
    public async Task A_Body_Past_The_Limit_Is_Refused()
    {
        string issue = await _bot.IssueIdAsync(1);

        SandboxResponse answer = await _bot.GraphAsync(
            "mutation($issue: ID!, $body: String!) { updateIssue(input: {id: $issue, body: $body}) { issue { id } } }", new
            {
                issue,
                body = new string('x', 65537),
            });

        Assert.Equal("UNPROCESSABLE", answer.ErrorType);
        Assert.Empty(_server.Writes);
    }

    [Fact]
    public async Task A_Deleted_Issue_Resolves_To_Nothing()
    {
        string issue = await _bot.IssueIdAsync(1);
        _server.Perform(new UserAction { Do = UserActionKind.Delete, Number = 1 });

        Assert.Equal("NOT_FOUND", (await _bot.GraphAsync("query($id: ID!) { node(id: $id) { id } }", new { id = issue })).ErrorType);
        Assert.Equal(
            "NOT_FOUND", (
                await _bot.GraphAsync(
                    "mutation($id: ID!) { updateIssue(input: {id: $id, body: \"x\"}) { issue { id } } }", new { id = issue })).ErrorType);
    }

    [Fact]
    public async Task A_Comment_Is_Edited_By_Its_Author_Only_And_Can_Be_Deleted()
    {
        using SandboxClient other = SandboxClient.OfOperator(_server);
        string id = (await _bot.CommentAsync(1, "first")).Json["data"]!["addComment"]!["commentEdge"]!["node"]!["id"]!.GetValue<string>();
        const string Edit = "mutation($id: ID!, $body: String!) { updateIssueComment(input: {id: $id, body: $body}) { issueComment { body } } }";
        const string Delete = "mutation($id: ID!) { deleteIssueComment(input: {id: $id}) { clientMutationId } }";

        Assert.Equal("FORBIDDEN", (await other.GraphAsync(Edit, new { id, body = "mine now" })).ErrorType);
        Assert.Equal("UNPROCESSABLE", (await _bot.GraphAsync(Edit, new { id, body = "  " })).ErrorType);
        await _bot.DataAsync(Edit, new { id, body = "second" });
        Assert.Equal("second", Assert.Single(_server.Issue(1)!.Comments).Body);
        await _bot.DataAsync(Delete, new { id });
        Assert.Empty(_server.Issue(1)!.Comments);
    }

    [Fact]
    public async Task A_Body_That_Is_No_Query_Is_A_Bad_Request()
    {
        SandboxResponse answer = await _bot.SendAsync(HttpMethod.Post, "/api/graphql", "not json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }
}
