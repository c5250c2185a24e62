using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Tests.Functions.EndToEnd;
using SiteMonitor.Tests.Integrations.GitHub.Sandbox;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

/// <summary>What GitHub answers and the simulated one does not: deleted revisions and accounts, pull requests that are hidden.</summary>
public sealed class IssueHistoryReaderTests
{
    private static readonly string[] Revisions = ["The first text.", "The second.", "The third.", "The fourth."];

    [Theory]
    [InlineData("The first text.", 0, false)]
    [InlineData("The second.", 1, false)]
    [InlineData("The fourth.", 3, true)]
    [InlineData("Line one\r\nLine two", 4, true)]
    public async Task The_Oldest_Text_That_Nobody_Deleted_Is_Taken(string expected, int deleted, bool asksAgain)
    {
        JsonObject[] edits = [.. Revisions.Select((text, i) => Edit(text, i, i < deleted)).Reverse()];
        JsonObject issue = Issue();
        issue["userContentEdits"] = Page(edits[1..], ("hasPreviousPage", true), ("startCursor", "c1"));
        await using FakeServer server = await FakeServer.StartAsync(request => request.Operation == "NewerEdits"
            ? GitHubJson.Data(new JsonObject { ["node"] = new JsonObject { ["userContentEdits"] = Page([(JsonObject)edits[0].DeepClone()]) } })
            : Answer(request, issue));

        IssueHistory read = Assert.Single((await ReadAsync(server)).Issues);

        Assert.Equal(expected, read.Body);
        Assert.Equal(asksAgain, server.Seen.Any(r => r.Operation == "NewerEdits" && (string?)r.Variables["cursor"] == "c1"));
    }

    [Fact]
    public async Task Deleted_Accounts_And_Hidden_Pull_Requests_Leave_Gaps_Not_Failures()
    {
        JsonObject issue = Issue();
        issue["author"] = null;
        issue["timelineItems"] = Page(
        [
            new JsonObject { ["__typename"] = "LabeledEvent", ["createdAt"] = "2026-01-02T03:04:05Z", ["actor"] = null, ["label"] = GitHubJson.Label("bug") },
            new JsonObject { ["__typename"] = "AssignedEvent", ["createdAt"] = "2026-01-02T03:04:06Z", ["assignee"] = null },
        ]);
        issue["closedByPullRequestsReferences"] = new JsonObject { ["nodes"] = new JsonArray((JsonNode?)null) };
        await using FakeServer server = await FakeServer.StartAsync(request =>
        {
            FakeResponse answer = Answer(request, issue);
            JsonObject body = (JsonObject)JsonNode.Parse(answer.Body)!;
            if (request.Operation == "IssuePage")
            {
                body["errors"] = new JsonArray(new JsonObject
                {
                    ["type"] = "FORBIDDEN",
                    ["path"] = new JsonArray("repository", "issues", "nodes", 0, "closedByPullRequestsReferences", "nodes", 0),
                    ["message"] = "hidden",
                });
            }

            return FakeResponse.Ok(body);
        });

        IssueHistory read = Assert.Single((await ReadAsync(server)).Issues);

        Assert.Equal(string.Empty, read.Author);
        Assert.Equal(new LabelEvent(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "bug", true, string.Empty, false), Assert.Single(read.LabelEvents));
        Assert.Empty(read.AssigneeEvents);
        Assert.Empty(read.PullRequests);
    }

    private static async Task<HistoryPage> ReadAsync(FakeServer server)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("GitHub:ApiBaseUrl", server.Url), new("GitHub:Token", "app-token"), new("GitHub:CopilotToken", "user-token"), new("GitHub:WebhookSecret", "s"),
        ]).Build();
        await using ServiceProvider provider = new ServiceCollection().AddLogging().AddSingleton(SandboxTracker.Markers)
            .AddSingleton<IRepositoryNameStore>(new MemoryRepositoryNameStore()).AddGitHub(configuration).BuildServiceProvider();
        return (await provider.GetRequiredService<IIssueHistoryReader>().ReadAsync(
            TrackerUnderTest.Issue.Repository, null, null, TestContext.Current.CancellationToken)).Value!;
    }

    private static FakeResponse Answer(RecordedRequest request, JsonObject issue) => GitHubJson.Data(new JsonObject
    {
        ["viewer"] = new JsonObject { ["login"] = "monitor" },
        ["repository"] = request.Operation == "IssuePage"
            ? new JsonObject { ["issues"] = Page([(JsonObject)issue.DeepClone()]) }
            : null,
    });

    private static JsonObject Issue() => GitHubJson.Issue("bug");

    private static JsonObject Edit(string text, int index, bool isDeleted) => new()
    {
        ["editedAt"] = $"2026-01-02T03:04:0{index}Z",
        ["deletedAt"] = isDeleted ? "2026-01-03T00:00:00Z" : null,
        ["diff"] = isDeleted ? null : text,
    };

    private static JsonObject Page(JsonObject[] nodes, params (string Name, JsonNode Value)[] page)
    {
        JsonObject connection = GitHubJson.Nodes(nodes);
        connection["totalCount"] = nodes.Length;
        JsonObject info = new() { ["hasPreviousPage"] = false, ["hasNextPage"] = false };
        foreach ((string name, JsonNode value) in page)
        {
            info[name] = value;
        }

        connection["pageInfo"] = info;
        return connection;
    }
}
