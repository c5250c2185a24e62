using System.Security.Cryptography;
using System.Text;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.State;
using static SiteMonitor.Tests.Sandbox.SandboxClient;

namespace SiteMonitor.Tests.Sandbox;

public sealed class WebhookTests : IAsyncLifetime
{
    private const string Secret = "It's a Secret to Everybody";

    private SandboxServer _server = null!;
    private WebhookReceiver _receiver = null!;
    private SandboxClient _bot = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _server = await TestSandbox.StartAsync(o => o with { WebhookSecret = Secret, WebhookTarget = _receiver.Target });
        _bot = new SandboxClient(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _bot.Dispose();
        await _server.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_Label_Of_Ours_Comes_Back_Signed_Over_The_Raw_Bytes()
    {
        await _bot.PostAsync($"{Repository}/issues/1/labels", new { labels = new[] { "urgent" } });
        await _server.WaitForDeliveriesAsync(Cancellation);

        ReceivedWebhook hook = Assert.Single(_receiver.Received);
        Assert.Equal("issues.labeled", hook.Name);
        Assert.Equal("urgent", hook.Json["label"]!["name"]!.GetValue<string>());
        Assert.Equal("sitemonitor-bot", hook.Json["sender"]!["login"]!.GetValue<string>());
        Assert.Equal("octo-org/watchtower", hook.Json["repository"]!["full_name"]!.GetValue<string>());
        Assert.Equal(["site-monitor", "urgent"], hook.Json["issue"]!["labels"]!.AsArray().Select(l => l!["name"]!.GetValue<string>()));
        Assert.StartsWith("GitHub-Hookshot/", hook.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal("application/json", hook.Headers["Content-Type"]);
        Assert.Equal(
            $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), hook.Body))}",
            hook.Headers["X-Hub-Signature-256"]);
        Assert.Equal(_server.Deliveries[0].Id.ToString(), hook.Delivery);
    }

    [Fact]
    public async Task A_Reordered_Delivery_Arrives_After_The_Next_One_Or_Alone()
    {
        _server.Inject(new FaultRule { Match = "webhook issues.edited", Effect = FaultEffect.Reorder, DelayMs = 60_000 });
        _server.Perform(new UserAction { Do = UserActionKind.EditTitle, Number = 1, Value = "first" });
        _server.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 1, Value = "urgent" });
        await _server.WaitForDeliveriesAsync(Cancellation);
        _server.Inject(new FaultRule { Match = "webhook", Effect = FaultEffect.Reorder, DelayMs = 10 });
        _server.Perform(new UserAction { Do = UserActionKind.EditTitle, Number = 1, Value = "last" });
        await _server.WaitForDeliveriesAsync(Cancellation);

        Assert.Equal(["issues.labeled", "issues.edited", "issues.edited"], _receiver.Received.Select(r => r.Name));
    }

    [Fact]
    public async Task A_Delivery_Deleted_By_A_Reset_Is_Not_Sent_And_Later_Ones_Are()
    {
        _server.Inject(new FaultRule { Match = "webhook issues.edited", Effect = FaultEffect.Slow, DelayMs = 500 });
        _server.Perform(new UserAction { Do = UserActionKind.EditTitle, Number = 1, Value = "slow" });
        _server.Perform(new UserAction { Do = UserActionKind.EditTitle, Number = 1, Value = "queued behind it" });
        _server.Reset();
        _server.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 1, Value = "urgent" });
        await _server.WaitForDeliveriesAsync(Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);

        Assert.Equal("issues.labeled", Assert.Single(_receiver.Received).Name);
    }

    [Fact]
    public async Task Deliveries_Of_A_Repository_Arrive_In_The_Order_Of_The_Writes()
    {
        IssueView opened = _server.Perform(
            new UserAction { Do = UserActionKind.Open, Value = "New finding", Text = "text", Labels = ["site-monitor", "urgent"] })!;
        _server.Perform(new UserAction { Do = UserActionKind.EditBody, Number = opened.Number, Text = "other" });
        _server.Perform(new UserAction { Do = UserActionKind.Assign, Number = opened.Number, Value = "mona-lisa" });
        _server.Perform(new UserAction { Do = UserActionKind.Comment, Number = opened.Number, Text = "hm" });
        _server.Perform(new UserAction { Do = UserActionKind.RemoveLabel, Number = opened.Number, Value = "urgent" });
        _server.Perform(new UserAction { Do = UserActionKind.CloseAsCompleted, Number = opened.Number });
        _server.Perform(new UserAction { Do = UserActionKind.Reopen, Number = opened.Number });
        await _server.WaitForDeliveriesAsync(Cancellation);

        Assert.Equal(
            ["issues.opened", "issues.labeled", "issues.labeled", "issues.edited", "issues.assigned", "issue_comment.created",
            "issues.unlabeled", "issues.closed", "issues.reopened"],
            _receiver.Received.Select(r => r.Name));
        Assert.Equal("text", _receiver.Received[3].Json["changes"]!["body"]!["from"]!.GetValue<string>());
        Assert.Equal("completed", _receiver.Received[7].Json["issue"]!["state_reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Merging_Closes_The_Pull_Request_And_The_Issue_It_Names()
    {
        _server.Perform(new UserAction { Do = UserActionKind.Merge, Number = 1 });
        await _server.WaitForDeliveriesAsync(Cancellation);

        Assert.Equal(["pull_request.opened", "pull_request.closed", "issues.closed"], _receiver.Received.Select(r => r.Name));
        Assert.True(_receiver.Received[1].Json["pull_request"]!["merged"]!.GetValue<bool>());
        Assert.Equal(("completed", false), (_server.Issue(1)!.StateReason, _server.Issue(1)!.IsOpen));
    }

    [Fact]
    public async Task A_Write_That_Changes_Nothing_Sends_Nothing()
    {
        await _bot.PostAsync($"{Repository}/issues/1/labels", new { labels = new[] { "site-monitor" } });
        await _bot.PatchAsync($"{Repository}/issues/1", new { body = _server.Issue(1)!.Body });
        await _server.WaitForDeliveriesAsync(Cancellation);

        Assert.Empty(_receiver.Received);
        Assert.All(_server.Writes, w => Assert.False(w.Effective));
    }

    [Fact]
    public async Task A_Failed_Delivery_Is_Not_Repeated_But_Can_Be_Sent_Again_By_Hand_With_Its_Id()
    {
        _receiver.Status = 500;
        _server.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 1, Value = "urgent" });
        await _server.WaitForDeliveriesAsync(Cancellation);
        _receiver.Status = 202;
        WebhookDelivery failed = Assert.Single(_server.Deliveries);

        WebhookDelivery? again = _server.Redeliver(failed.Id);
        await _server.WaitForDeliveriesAsync(Cancellation);

        Assert.Equal(500, failed.Status);
        Assert.Equal((failed.Id, true), (again!.Id, again.IsRedelivery));
        Assert.Equal(2, _receiver.Received.Count);
        Assert.Single(_receiver.Received.Select(r => (r.Delivery, r.Headers["X-Hub-Signature-256"])).Distinct());
        Assert.Equal([500, 202], _server.Deliveries.Select(d => d.Status));
        Assert.Equal(1, _server.Stats.DeliveriesFailed);
    }

    [Fact]
    public async Task Nobody_There_Is_A_Failed_Delivery_And_The_Next_One_Still_Goes_Out()
    {
        Uri target = _receiver.Target;
        _server.ConnectWebhook(new Uri("http://127.0.0.1:1/"));
        _server.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 1, Value = "urgent" });
        await _server.WaitForDeliveriesAsync(Cancellation);
        _server.ConnectWebhook(target);
        _server.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 2, Value = "urgent" });
        await _server.WaitForDeliveriesAsync(Cancellation);

        Assert.Equal([0, 202], _server.Deliveries.Select(d => d.Status));
        Assert.Equal(2, Assert.Single(_receiver.Received).Json["issue"]!["number"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_Webhook_Can_Be_Lost_Or_Doubled_By_A_Fault()
    {
        _server.Inject(new FaultRule { Match = "webhook issues.labeled #1", Effect = FaultEffect.Reset });
        _server.Inject(new FaultRule { Match = "webhook issues.labeled #2", Effect = FaultEffect.Duplicate });
        _server.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 1, Value = "urgent" });
        _server.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 2, Value = "urgent" });
        await _server.WaitForDeliveriesAsync(Cancellation);

        Assert.Equal([2, 2], _receiver.Received.Select(r => r.Json["issue"]!["number"]!.GetValue<int>()));
        Assert.Single(_receiver.Received.Select(r => r.Delivery).Distinct());
    }

    [Fact]
    public async Task A_Ping_And_The_List_Of_Hooks_Name_The_Target()
    {
        _server.Ping();
        await _server.WaitForDeliveriesAsync(Cancellation);
        SandboxResponse hooks = await _bot.GetAsync($"{Repository}/hooks");

        ReceivedWebhook ping = Assert.Single(_receiver.Received);
        Assert.Equal("ping", ping.Name);
        Assert.Equal(_receiver.Target.ToString(), ping.Json["hook"]!["config"]!["url"]!.GetValue<string>());
        Assert.Equal(_receiver.Target.ToString(), hooks.Json[0]!["config"]!["url"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_Happens_Before_The_Target_Is_Known_Is_Kept_For_It()
    {
        await using SandboxServer late = await TestSandbox.StartAsync(o => o with { WebhookSecret = Secret });
        late.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 1, Value = "urgent" });
        Assert.Equal(1, late.Stats.DeliveriesPending);

        late.ConnectWebhook(_receiver.Target);
        await late.WaitForDeliveriesAsync(Cancellation);

        Assert.Single(_receiver.Received);
    }

    [Fact]
    public async Task Without_A_Secret_There_Is_No_Webhook()
    {
        await using SandboxServer silent = await TestSandbox.StartAsync();

        silent.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 1, Value = "urgent" });

        Assert.Empty(silent.Deliveries);
    }
}
