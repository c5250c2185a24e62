using System.Net;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox;
using static SiteMonitor.Tests.Sandbox.SandboxClient;

namespace SiteMonitor.Tests.Sandbox;

public sealed class CopilotTests : IAsyncLifetime
{
    private const string Suggested = """
        query { repository(owner: "octo-org", name: "watchtower") { suggestedActors(capabilities: [CAN_BE_ASSIGNED], first: 100) { nodes { __typename login ... on Bot { id } } } } }
        """;

    private const string Assign = """
        mutation($issue: ID!, $copilot: ID!) { addAssigneesToAssignable(input: {assignableId: $issue, assigneeIds: [$copilot]}) { assignable { assignees(first: 10) { nodes { login } } } } }
        """;

    private static readonly (string, string) Feature = ("GraphQL-Features", "issues_copilot_assignment_api_support");

    private SandboxServer _server = null!;
    private SandboxClient _operator = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestSandbox.StartAsync();
        _operator = OfOperator(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _operator.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_User_With_A_Licence_Assigns_It_And_Reads_Show_Copilot()
    {
        SandboxResponse answer = await AssignAsync(_operator, "copilot-swe-agent[bot]");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(["Copilot"], answer.Names("assignees"));
        Assert.Equal(["Copilot"], (await _operator.GetAsync($"{Repository}/issues/1")).Names("assignees"));
    }

    [Theory]
    [InlineData("Copilot")]
    [InlineData("copilot-swe-agent")]
    [InlineData("nobody-ever-seen")]
    public async Task Another_Login_Is_Passed_Over_Without_A_Word(string login)
    {
        SandboxResponse answer = await AssignAsync(_operator, login);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Empty(answer.Names("assignees"));
    }

    [Fact]
    public async Task A_User_Without_A_Licence_Gets_201_And_Nobody_Assigned()
    {
        using SandboxClient bot = new(_server);

        SandboxResponse answer = await AssignAsync(bot, "copilot-swe-agent[bot]");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Empty(answer.Names("assignees"));
    }

    [Fact]
    public async Task With_The_Quirk_Rest_Ignores_It_And_GraphQL_Takes_It()
    {
        _server.Copilot = CopilotBehaviour.RestIgnores;

        SandboxResponse rest = await AssignAsync(_operator, "copilot-swe-agent[bot]");
        JsonNode bot = (
            await _operator.DataAsync(Suggested, null, Feature))["repository"]!["suggestedActors"]!["nodes"]!.AsArray().Single(n =>
                n!["__typename"]!.GetValue<string>() == "Bot")!;
        JsonNode data = await _operator.DataAsync(
            Assign, new { issue = await _operator.IssueIdAsync(1), copilot = bot["id"]!.GetValue<string>() }, Feature);

        Assert.Empty(rest.Names("assignees"));
        Assert.Equal("copilot-swe-agent", bot["login"]!.GetValue<string>());
        Assert.Equal(
            "copilot-swe-agent", data["addAssigneesToAssignable"]!["assignable"]!["assignees"]!["nodes"]![0]!["login"]!.GetValue<string>());
        Assert.Equal(["Copilot"], _server.Issue(1)!.Assignees);
    }

    [Fact]
    public async Task GraphQL_Knows_It_Only_With_The_Feature_Header()
    {
        string issue = await _operator.IssueIdAsync(1);
        JsonNode plain = await _operator.DataAsync(Suggested);
        SandboxResponse refused = await _operator.GraphAsync(Assign, new { issue, copilot = "BOT_kgDOC9w8XQ" });

        Assert.DoesNotContain(
            plain["repository"]!["suggestedActors"]!["nodes"]!.AsArray(), n => n!["__typename"]!.GetValue<string>() == "Bot");
        Assert.Equal("NOT_FOUND", refused.ErrorType);
        Assert.Empty(_server.Writes);
    }

    [Fact]
    public async Task When_Unavailable_Neither_Way_Takes_It()
    {
        _server.Copilot = CopilotBehaviour.Unavailable;

        SandboxResponse rest = await AssignAsync(_operator, "copilot-swe-agent[bot]");
        JsonNode suggested = await _operator.DataAsync(Suggested, null, Feature);

        Assert.Empty(rest.Names("assignees"));
        Assert.DoesNotContain(
            suggested["repository"]!["suggestedActors"]!["nodes"]!.AsArray(), n => n!["__typename"]!.GetValue<string>() == "Bot");
    }

    private static Task<SandboxResponse> AssignAsync(SandboxClient client, string login) =>
        client.PostAsync($"{Repository}/issues/1/assignees", new { assignees = new[] { login } });
}
