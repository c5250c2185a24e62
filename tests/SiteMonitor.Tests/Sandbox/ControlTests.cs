using System.Net;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Model;
using static SiteMonitor.Tests.Sandbox.SandboxClient;

namespace SiteMonitor.Tests.Sandbox;

public sealed class ControlTests : IAsyncLifetime
{
    private SandboxServer _server = null!;
    private SandboxClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestSandbox.StartAsync(o => o with { WebhookSecret = "secret" });
        _client = new SandboxClient(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_Person_Acts_Over_Http_And_The_Write_Log_Tells()
    {
        SandboxResponse acted = await _client.PostAsync(
            "/sandbox/person", new { @do = "addLabel", number = 1, value = "urgent", login = "hubot" });
        SandboxResponse writes = await _client.GetAsync("/sandbox/writes?issue=octo-org%2Fwatchtower%231");

        Assert.Equal(HttpStatusCode.OK, acted.Status);
        Assert.Equal("labelAdded", writes.Json[0]!["kind"]!.GetValue<string>());
        Assert.Equal("hubot", writes.Json[0]!["by"]!.GetValue<string>());
        Assert.Empty((await _client.GetAsync("/sandbox/writes?by=mona-lisa")).Json.AsArray());
    }

    [Fact]
    public async Task A_Fault_Is_Injected_Listed_And_Taken_Back_Over_Http()
    {
        SandboxResponse injected = await _client.PostAsync("/sandbox/faults", new { match = "read", effect = "badGateway" });

        Assert.Equal(FaultEffect.BadGateway, Assert.Single(_server.Faults).Effect);
        Assert.Equal(1, injected.Json[0]!["times"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.NoContent, (await _client.SendAsync(HttpMethod.Delete, "/sandbox/faults")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/user")).Status);
    }

    [Fact]
    public async Task Switches_Change_How_Copilot_And_The_Model_Behave()
    {
        await _client.PostAsync("/sandbox/switches", new { copilot = "restIgnores", model = "fooled" });
        await _client.PostAsync("/sandbox/switches", new { model = "refuses" });

        Assert.Equal((CopilotBehaviour.RestIgnores, ModelBehaviour.Refuses), (_server.Copilot, _server.Model));
    }

    [Fact]
    public async Task Issues_And_Statistics_Are_There_For_Checks()
    {
        await _client.GetAsync($"{Repository}/issues/1");
        await _client.GetAsync($"{Repository}/issues/999");

        SandboxResponse stats = await _client.GetAsync("/sandbox/stats");
        SandboxResponse issues = await _client.GetAsync("/sandbox/issues?repo=octo-org%2Fwatchtower");

        Assert.Equal(2, stats.Json["restReads"]!.GetValue<int>());
        Assert.Equal(1, stats.Json["refusals"]!["404"]!.GetValue<int>());
        Assert.Equal(_server.Issues().Count, issues.Json.AsArray().Count);
    }

    [Fact]
    public async Task Webhooks_Are_Listed_Pinged_And_Redelivered_Over_Http()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await _client.PostAsync("/sandbox/webhook", new { target = receiver.Target });
        await _client.PostAsync("/sandbox/ping", "{}");
        await _server.WaitForDeliveriesAsync(Cancellation);
        string id = (await _client.GetAsync("/sandbox/deliveries")).Json[0]!["id"]!.GetValue<string>();

        SandboxResponse again = await _client.PostAsync($"/sandbox/deliveries/{id}/redeliver", "{}");
        await _server.WaitForDeliveriesAsync(Cancellation);

        Assert.True(again.Json["isRedelivery"]!.GetValue<bool>());
        Assert.Equal([id, id], receiver.Received.Select(r => r.Delivery));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.PostAsync($"/sandbox/deliveries/{Guid.NewGuid()}/redeliver", "{}")).Status);
    }

    [Theory]
    [InlineData("/sandbox/person", """{"do":"fly"}""", HttpStatusCode.BadRequest)]
    [InlineData("/sandbox/person", """{"number":1}""", HttpStatusCode.BadRequest)]
    [InlineData("/sandbox/person", """{"do":"comment","number":999,"text":"x"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/sandbox/faults", """{"match":"read","effect":"reset","tiems":3}""", HttpStatusCode.BadRequest)]
    public async Task A_Mistake_In_A_Control_Request_Is_Told(string path, string body, HttpStatusCode status)
    {
        SandboxResponse answer = await _client.PostAsync(path, body);

        Assert.Equal(status, answer.Status);
        Assert.NotEmpty(answer.Json["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_Reset_Over_Http_Starts_Anew()
    {
        await _client.PatchAsync($"{Repository}/issues/1", new { title = "Changed" });
        _server.Model = ModelBehaviour.Fooled;

        await _client.PostAsync("/sandbox/reset", "{}");

        Assert.Empty(_server.Writes);
        Assert.Equal(ModelBehaviour.Sound, _server.Model);
        Assert.NotEqual("Changed", _server.Issue(1)!.Title);
    }

    [Fact]
    public async Task Synthetic_Findings_Fill_A_Repository_Of_Their_Own()
    {
        await using SandboxServer large = await TestSandbox.StartAsync(o => o with { SyntheticIssues = 500 });

        Assert.Equal(500, large.Issues("octo-org/loadtest").Count);
        Assert.Equal(500, large.Issues("octo-org/loadtest").Select(i => i.Title).Distinct().Count());
        Assert.All(large.Issues("octo-org/loadtest"), i => Assert.Equal(["site-monitor"], i.Labels));
    }
}
