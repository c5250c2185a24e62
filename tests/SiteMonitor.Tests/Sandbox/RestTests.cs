using System.Net;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.State;
using static SiteMonitor.Tests.Sandbox.SandboxClient;

namespace SiteMonitor.Tests.Sandbox;

public sealed class RestTests : IAsyncLifetime
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

    [Fact]
    public async Task An_Issue_Reads_The_Same_At_Both_Addresses()
    {
        SandboxResponse plain = await _bot.GetAsync($"{Repository}/issues/1");
        SandboxResponse enterprise = await _bot.GetAsync($"/api/v3{Repository}/issues/1");

        Assert.Equal(HttpStatusCode.OK, plain.Status);
        Assert.Equal(plain.Text, enterprise.Text);
        Assert.Equal(["site-monitor"], plain.Names("labels"));
        Assert.Equal("New ransomware campaign against grid operators", plain.Json["title"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_Request_Without_User_Agent_Is_Forbidden()
    {
        _bot.Headers.UserAgent.Clear();

        SandboxResponse answer = await _bot.GetAsync($"{Repository}/issues/1");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("User-Agent", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong", "Bad credentials")]
    [InlineData("", "Requires authentication")]
    public async Task A_Wrong_Or_Missing_Token_Is_Unauthorized(string token, string message)
    {
        using SandboxClient stranger = new(_server, token);
        stranger.Headers.Authorization = token.Length == 0 ? null : stranger.Headers.Authorization;

        SandboxResponse answer = await stranger.GetAsync($"{Repository}/issues/1");

        Assert.Equal((HttpStatusCode.Unauthorized, message), (answer.Status, answer.Message));
    }

    [Theory]
    [InlineData("/repos/octo-org/nowhere/issues/1")]
    [InlineData("/repos/octo-org/watchtower/issues/999")]
    [InlineData("/repos/octo-org/watchtower/issues/abc")]
    [InlineData("/repos/octo-org/watchtower/milestones")]
    public async Task What_Does_Not_Exist_Is_Not_Found(string path)
    {
        SandboxResponse answer = await _bot.GetAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, "Not Found"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task A_Deleted_Issue_Is_Gone()
    {
        _server.Perform(new UserAction { Do = UserActionKind.Delete, Number = 1 });

        Assert.Equal(HttpStatusCode.Gone, (await _bot.GetAsync($"{Repository}/issues/1")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await _bot.PatchAsync($"{Repository}/issues/1", new { body = "x" })).Status);
    }

    [Fact]
    public async Task The_List_Filters_By_All_Labels_And_Pages_With_Links()
    {
        SandboxResponse first = await _bot.GetAsync(
            $"{Repository}/issues?labels=site-monitor&state=open&sort=created&direction=asc&per_page=20");
        SandboxResponse urgent = await _bot.GetAsync($"{Repository}/issues?labels=site-monitor,urgent&direction=asc");

        Assert.Equal(20, first.Json.AsArray().Count);
        Assert.Contains("rel=\"next\"", first.Headers["Link"], StringComparison.Ordinal);
        Assert.Contains("page=2", first.Headers["Link"], StringComparison.Ordinal);
        Assert.All(
            first.Json.AsArray(), i => Assert.Contains(i!["labels"]!.AsArray(), l => l!["name"]!.GetValue<string>() == "site-monitor"));
        Assert.Equal([8, 9], urgent.Json.AsArray().Select(i => i!["number"]!.GetValue<int>()));
        Assert.False(urgent.Headers.ContainsKey("Link"));
    }

    [Fact]
    public async Task All_Pages_Together_Are_Every_Issue_Once()
    {
        List<int> seen = [];
        for (int page = 1; page <= 4; page++)
        {
            seen.AddRange(
                (await _bot.GetAsync($"{Repository}/issues?state=all&per_page=25&page={page}&direction=asc")).Json.AsArray().Select(
                    i => i!["number"]!.GetValue<int>()));
        }

        Assert.Equal(_server.Issues("octo-org/watchtower").Select(i => i.Number), seen);
    }

    [Fact]
    public async Task An_Unknown_Filter_Value_Is_Unprocessable()
    {
        SandboxResponse answer = await _bot.GetAsync($"{Repository}/issues?state=ajar");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("state", answer.Json["errors"]![0]!["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_Pull_Request_Is_Among_The_Issues_With_Its_Mark()
    {
        JsonNode pull = (await _bot.GetAsync($"{Repository}/issues/57")).Json;

        Assert.NotNull(pull["pull_request"]);
    }

    [Fact]
    public async Task Labels_Sent_By_Patch_Replace_The_List()
    {
        SandboxResponse answer = await _bot.PatchAsync(
            $"{Repository}/issues/8", new { labels = new[] { "urgent", "never-seen" }, title = "New title" });

        Assert.Equal(["urgent", "never-seen"], answer.Names("labels"));
        Assert.Equal("New title", answer.Json["title"]!.GetValue<string>());
        Assert.Equal(
            [WriteKind.Title, WriteKind.LabelRemoved, WriteKind.LabelCreated, WriteKind.LabelAdded],
            _server.Writes.Select(w => w.Kind).OrderBy(
                k => Array.IndexOf([WriteKind.Title, WriteKind.LabelRemoved, WriteKind.LabelCreated], k) is var i
                && i < 0 ? 9 : i));
        Assert.Single(_server.Writes.Select(w => w.Request).Distinct());
    }

    [Fact]
    public async Task A_Label_Is_Added_Once_And_Removed_Once()
    {
        await _bot.PostAsync($"{Repository}/issues/1/labels", new { labels = new[] { "Analyzing" } });
        SandboxResponse again = await _bot.PostAsync($"{Repository}/issues/1/labels", new { labels = new[] { "analyzing" } });
        SandboxResponse removed = await _bot.SendAsync(HttpMethod.Delete, $"{Repository}/issues/1/labels/analyzing");
        SandboxResponse missing = await _bot.SendAsync(HttpMethod.Delete, $"{Repository}/issues/1/labels/analyzing");

        Assert.Equal(["site-monitor", "analyzing"], again.Json.AsArray().Select(l => l!["name"]!.GetValue<string>()));
        Assert.Equal(["site-monitor"], removed.Json.AsArray().Select(l => l!["name"]!.GetValue<string>()));
        Assert.Equal((HttpStatusCode.NotFound, "Not Found"), (missing.Status, missing.Message));
        Assert.Equal([true, false, true], _server.Writes.Select(w => w.Effective));
    }

    [Fact]
    public async Task A_Body_Keeps_Every_Byte_And_Its_History()
    {
        const string Body = "one\r\ntwo\rthree\n\u202etxet \ud83d\udd25 \u200b";
        string original = _server.Issue(1)!.Body;

        SandboxResponse answer = await _bot.PatchAsync($"{Repository}/issues/1", new { body = Body });

        Assert.Equal(Body, answer.Json["body"]!.GetValue<string>());
        Assert.Equal([original, Body], _server.Issue(1)!.BodyHistory);
    }

    [Theory]
    [InlineData(65536, HttpStatusCode.OK)]
    [InlineData(65537, HttpStatusCode.UnprocessableEntity)]
    public async Task A_Body_Past_The_Limit_Is_Unprocessable(int length, HttpStatusCode status)
    {
        SandboxResponse answer = await _bot.PatchAsync($"{Repository}/issues/1", new { body = new string('x', length) });

        Assert.Equal(status, answer.Status);
        if (status != HttpStatusCode.OK)
        {
            Assert.Equal("Validation Failed", answer.Message);
            Assert.Equal("body is too long (maximum is 65536 characters)", answer.Json["errors"]![0]!["message"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{\"body\":7}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{\"state\":\"ajar\"}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{\"title\":\"\"}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{\"labels\":\"urgent\"}", HttpStatusCode.UnprocessableEntity)]
    public async Task A_Malformed_Patch_Changes_Nothing(string body, HttpStatusCode status)
    {
        SandboxResponse answer = await _bot.SendAsync(HttpMethod.Patch, $"{Repository}/issues/1", body);

        Assert.Equal(status, answer.Status);
        Assert.Empty(_server.Writes);
    }

    [Fact]
    public async Task A_Failing_Part_Of_A_Patch_Undoes_The_Whole()
    {
        SandboxResponse answer = await _bot.PatchAsync($"{Repository}/issues/1", new { title = "Changed", state = "ajar" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.NotEqual("Changed", _server.Issue(1)!.Title);
        Assert.Empty(_server.Writes);
    }

    [Fact]
    public async Task Closing_Says_Why_And_Reopening_Takes_It_Back()
    {
        JsonNode closed = (await _bot.PatchAsync($"{Repository}/issues/1", new { state = "closed", state_reason = "not_planned" })).Json;
        JsonNode open = (await _bot.PatchAsync($"{Repository}/issues/1", new { state = "open" })).Json;

        Assert.Equal(("closed", "not_planned"), (closed["state"]!.GetValue<string>(), closed["state_reason"]!.GetValue<string>()));
        Assert.NotNull(closed["closed_at"]);
        Assert.Equal(("open", "reopened"), (open["state"]!.GetValue<string>(), open["state_reason"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_Unchanged_Page_Is_Not_Sent_Again_And_Costs_Nothing()
    {
        SandboxResponse first = await _bot.GetAsync($"{Repository}/issues");
        SandboxResponse second = await _bot.GetAsync($"{Repository}/issues", ("If-None-Match", first.Headers["ETag"]));
        _server.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 1, Value = "urgent" });
        SandboxResponse third = await _bot.GetAsync($"{Repository}/issues?per_page=100", ("If-None-Match", first.Headers["ETag"]));

        Assert.Equal(HttpStatusCode.NotModified, second.Status);
        Assert.Equal(first.Headers["x-ratelimit-remaining"], second.Headers["x-ratelimit-remaining"]);
        Assert.Equal(HttpStatusCode.OK, third.Status);
        Assert.Equal(1, _server.Stats.NotModified);
    }

    [Fact]
    public async Task Who_Am_I_Depends_On_The_Token()
    {
        using SandboxClient person = OfOperator(_server);

        Assert.Equal("sitemonitor-bot", (await _bot.GetAsync("/user")).Json["login"]!.GetValue<string>());
        Assert.Equal("octo-operator", (await person.GetAsync("/user")).Json["login"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_Links_Of_An_Issue_Lead_To_A_Page_For_People()
    {
        string url = (await _bot.GetAsync($"{Repository}/issues/1")).Json["html_url"]!.GetValue<string>();

        SandboxResponse page = await _bot.GetAsync(url);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(_server.Issue(1)!.Title, page.Text, StringComparison.Ordinal);
    }
}
