using System.Net;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.State;
using static SiteMonitor.Tests.Sandbox.SandboxClient;

namespace SiteMonitor.Tests.Sandbox;

public sealed class FaultTests : IAsyncLifetime
{
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

    [Theory]
    [InlineData(FaultEffect.ServerError, 500)]
    [InlineData(FaultEffect.BadGateway, 502)]
    [InlineData(FaultEffect.Unavailable, 503)]
    [InlineData(FaultEffect.SecondaryLimit, 403)]
    [InlineData(FaultEffect.TooManyRequests, 429)]
    [InlineData(FaultEffect.BadCredentials, 401)]
    [InlineData(FaultEffect.NotFound, 404)]
    [InlineData(FaultEffect.Garbage, 200)]
    [InlineData(FaultEffect.HtmlPage, 200)]
    public async Task A_Fault_Hits_The_Next_Matching_Requests_Only(FaultEffect effect, int status)
    {
        _server.Inject(new FaultRule { Match = "write labels", Effect = effect, Times = 2, Skip = 1, RetryAfter = 7 });
        List<int> seen = [];
        for (int i = 0; i < 4; i++)
        {
            await _bot.GetAsync($"{Repository}/issues/1");
            seen.Add((int)(await AddLabelAsync($"label-{i}")).Status);
        }

        Assert.Equal([200, status, status, 200], seen);
        Assert.Equal(["site-monitor", "label-0", "label-3"], _server.Issue(1)!.Labels);
        Assert.Empty(_server.Faults);
    }

    [Fact]
    public async Task A_Primary_Limit_Names_Its_End_In_Rest_And_GraphQL()
    {
        _server.Inject(new FaultRule { Match = "github", Effect = FaultEffect.PrimaryLimit, Times = 2, RetryAfter = 30 });

        SandboxResponse rest = await _bot.GetAsync("/user");
        SandboxResponse graph = await _bot.GraphAsync("query { viewer { login } }");

        Assert.Equal((HttpStatusCode.Forbidden, "0"), (rest.Status, rest.Headers["x-ratelimit-remaining"]));
        Assert.True(rest.Headers.ContainsKey("x-ratelimit-reset"));
        Assert.Equal((HttpStatusCode.OK, "RATE_LIMITED", "0"), (graph.Status, graph.ErrorType, graph.Headers["x-ratelimit-remaining"]));
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData(0, null)]
    [InlineData(7, "7")]
    public async Task A_Limit_Names_A_Time_Unless_It_Is_Zero(int? retryAfter, string? header)
    {
        _server.Inject(new FaultRule { Match = "github", Effect = FaultEffect.TooManyRequests, RetryAfter = retryAfter });

        SandboxResponse refused = await _bot.GetAsync("/user");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal(header, refused.Headers.GetValueOrDefault("retry-after"));
    }

    [Fact]
    public async Task Half_A_Body_Leaves_The_Work_Done()
    {
        _server.Inject(new FaultRule { Match = "write labels", Effect = FaultEffect.HalfBody });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => AddLabelAsync("urgent"));

        Assert.Contains("urgent", _server.Issue(1)!.Labels);
    }

    [Fact]
    public async Task A_Wrong_Content_Type_Comes_With_The_Right_Body()
    {
        _server.Inject(new FaultRule { Match = "read issue", Effect = FaultEffect.WrongContentType });

        SandboxResponse read = await _bot.GetAsync($"{Repository}/issues/1");

        Assert.StartsWith("text/html", read.Headers["content-type"], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, read.Json["number"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_Stale_ETag_Hides_What_Is_New_From_Those_Who_Name_One()
    {
        string etag = (await _bot.GetAsync($"{Repository}/issues/1")).Headers["ETag"];
        await AddLabelAsync("urgent");
        _server.Inject(new FaultRule { Match = "rest read", Effect = FaultEffect.StaleETag, Times = 2 });

        SandboxResponse named = await _bot.GetAsync($"{Repository}/issues/1", ("If-None-Match", etag));
        SandboxResponse unnamed = await _bot.GetAsync($"{Repository}/issues/1");

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (named.Status, unnamed.Status));
    }

    [Fact]
    public async Task How_Often_A_Rule_Has_Hit_Is_Known_After_It_Was_Removed()
    {
        FaultRule rule = new() { Match = "read", Effect = FaultEffect.ServerError, Times = 2 };
        _server.Inject(rule);
        await _bot.GetAsync("/user");
        _server.ClearFaults();
        await _bot.GetAsync("/user");

        Assert.Equal(1, _server.InjectedFaults[rule]);
    }

    [Fact]
    public async Task A_Lost_Answer_Leaves_The_Work_Done()
    {
        _server.Inject(new FaultRule { Match = "write labels", Effect = FaultEffect.Reset, AfterWork = true });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => AddLabelAsync("urgent"));

        Assert.Contains("urgent", _server.Issue(1)!.Labels);
    }

    [Fact]
    public async Task A_Broken_Connection_Before_The_Work_Leaves_Nothing()
    {
        _server.Inject(new FaultRule { Match = "write", Effect = FaultEffect.Reset });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => AddLabelAsync("urgent"));

        Assert.Empty(_server.Writes);
    }

    [Fact]
    public async Task A_Timeout_Ends_When_The_Caller_Gives_Up()
    {
        _server.Inject(new FaultRule { Match = "read", Effect = FaultEffect.Timeout, DelayMs = 300 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _bot.GetAsync("/user"));
    }

    [Fact]
    public async Task One_Field_Of_A_Mutation_Can_Fail_Alone()
    {
        string issue = await _bot.IssueIdAsync(1);
        _server.Inject(new FaultRule { Match = "addComment", Effect = FaultEffect.FieldError });

        SandboxResponse answer = await _bot.GraphAsync(
            "mutation($id: ID!) { updateIssue(input: {id: $id, title: \"T\"}) { issue { id } } addComment(input: {subjectId: $id, body: \"c\"}) { subject { id } } }", new { id = issue });

        Assert.Equal("SERVICE_UNAVAILABLE", answer.ErrorType);
        Assert.Equal([WriteKind.Title], _server.Writes.Select(w => w.Kind));
    }

    [Fact]
    public async Task Faults_By_Probability_Fall_The_Same_Way_For_The_Same_Seed()
    {
        async Task<string> RunAsync()
        {
            await using SandboxServer server = await TestSandbox.StartAsync(
                o => o with
                {
                    FaultSeed = 42,
                    Faults = [new FaultRule { Match = "read", Effect = FaultEffect.ServerError, Times = 0, Probability = 0.3 }],
                });
            using SandboxClient bot = new(server);
            List<bool> hits = [];
            for (int i = 0; i < 40; i++)
            {
                hits.Add((await bot.GetAsync("/user")).Status == HttpStatusCode.InternalServerError);
            }

            return string.Concat(hits.Select(h => h ? 'x' : '.'));
        }

        string first = await RunAsync();

        Assert.Equal(first, await RunAsync());
        Assert.InRange(first.Count(c => c == 'x'), 5, 20);
    }

    [Fact]
    public async Task A_Person_Edits_Exactly_Between_Two_Of_Our_Requests()
    {
        string issue = await _bot.IssueIdAsync(1);
        Assert.Null(
            _server.Perform(
                new UserAction { Do = UserActionKind.AppendToBody, Number = 1, Text = "\nby hand", Before = "mutation updateIssue" }));

        await _bot.GetAsync($"{Repository}/issues/1");
        Assert.Empty(_server.Writes);
        await _bot.DataAsync("mutation($id: ID!) { updateIssue(input: {id: $id, body: \"ours\"}) { issue { id } } }", new { id = issue });

        Assert.Equal(["mona-lisa", "sitemonitor-bot"], _server.Writes.Select(w => w.By));
        Assert.EndsWith("\nby hand", _server.Issue(1)!.BodyHistory[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_Can_Be_Hooked_In_After_A_Request()
    {
        bool labelled = false;
        _server.After("write labels", _ =>
        {
            labelled = _server.Issue(1)!.Labels.Contains("urgent");
            return Task.CompletedTask;
        });

        await AddLabelAsync("urgent");

        Assert.True(labelled);
    }

    private Task<SandboxResponse> AddLabelAsync(string label) =>
        _bot.PostAsync($"{Repository}/issues/1/labels", new { labels = new[] { label } });
}
