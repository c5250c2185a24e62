using System.Net;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Tests.LocalHost;
using static SiteMonitor.Tests.Sandbox.SandboxClient;

namespace SiteMonitor.Tests.Sandbox;

public sealed class PersistenceTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private int _copies;

    private string Database => Path.Combine(_directory.Path, "sandbox.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task After_A_Crash_Everything_Answered_Is_There()
    {
        await using SandboxServer first = await StartAsync(Database);
        using SandboxClient bot = new(first);
        SandboxResponse before = await bot.GetAsync($"{Repository}/issues/1");
        await bot.PatchAsync($"{Repository}/issues/1", new { body = "edited", labels = new[] { "osint-researcher" } });
        await bot.CommentAsync(1, "noted");
        first.Perform(new UserAction { Do = UserActionKind.Open, Value = "One more", Labels = ["site-monitor"] });
        SandboxResponse after = await bot.GetAsync($"{Repository}/issues/1");

        await using SandboxServer second = await StartAsync(Crash());
        using SandboxClient again = new(second);
        SandboxResponse read = await again.GetAsync($"{Repository}/issues/1");

        Assert.Equal(after.Json["updated_at"]!.GetValue<string>(), read.Json["updated_at"]!.GetValue<string>());
        Assert.Equal(after.Text.Replace(first.BaseAddress.Authority, second.BaseAddress.Authority, StringComparison.Ordinal), read.Text);
        Assert.NotEqual(before.Text, after.Text);
        Assert.Equal(first.Issue(1)!.BodyHistory, second.Issue(1)!.BodyHistory);
        Assert.Equal(first.Writes, second.Writes);
        Assert.Equal(SeedCatalogue.Seeds.Count + 1, second.Issues(SeedCatalogue.Repository).Count);
    }

    [Fact]
    public async Task Numbers_And_Ids_Go_On_Where_They_Were()
    {
        await using SandboxServer first = await StartAsync(Database);
        IssueView opened = first.Perform(new UserAction { Do = UserActionKind.Open, Value = "Before" })!;
        first.Perform(new UserAction { Do = UserActionKind.Comment, Number = opened.Number, Text = "x" });

        await using SandboxServer second = await StartAsync(Crash());
        IssueView next = second.Perform(new UserAction { Do = UserActionKind.Open, Value = "After" })!;

        Assert.Equal(opened.Number + 1, next.Number);
        Assert.NotEqual(opened.NodeId, next.NodeId);
        Assert.Equal(Enumerable.Range(1, second.Writes.Count).Select(i => (long)i), second.Writes.Select(w => w.Sequence));
    }

    [Fact]
    public async Task Webhooks_Not_Delivered_Yet_Are_Delivered_After_The_Restart_With_Their_Ids()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using SandboxServer first = await StartAsync(Database, secret: "secret");
        first.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 1, Value = "urgent" });
        Guid id = Assert.Single(first.Deliveries).Id;

        await using SandboxServer second = await StartAsync(Crash(), secret: "secret");
        second.ConnectWebhook(receiver.Target);
        await second.WaitForDeliveriesAsync(Cancellation);
        second.Perform(new UserAction { Do = UserActionKind.AddLabel, Number = 2, Value = "urgent" });
        await second.WaitForDeliveriesAsync(Cancellation);

        Assert.Equal(id.ToString(), receiver.Received[0].Delivery);
        Assert.Equal([1, 2], second.Deliveries.Select(d => d.Number));
        Assert.All(second.Deliveries, d => Assert.Equal(202, d.Status));

        await using SandboxServer third = await StartAsync(Path.Combine(_directory.Path, "copy-1.db"), secret: "secret");
        third.ConnectWebhook(receiver.Target);
        await third.WaitForDeliveriesAsync(Cancellation);
        Assert.Equal(2, receiver.Received.Count);
    }

    [Fact]
    public async Task Seeds_Are_Planted_Once()
    {
        await using (SandboxServer first = await StartAsync(Database))
        {
            first.Perform(new UserAction { Do = UserActionKind.Delete, Number = 1 });
        }

        await using SandboxServer second = await StartAsync(Database);
        using SandboxClient bot = new(second);

        Assert.Equal(HttpStatusCode.Gone, (await bot.GetAsync($"{Repository}/issues/1")).Status);
    }

    [Fact]
    public async Task A_Reset_Brings_The_First_State_Back()
    {
        await using SandboxServer server = await StartAsync(Database, secret: "secret");
        string body = server.Issue(1)!.Body;
        server.Perform(new UserAction { Do = UserActionKind.EditBody, Number = 1, Text = "other" });

        server.Reset();

        Assert.Equal(body, server.Issue(1)!.Body);
        Assert.Empty(server.Writes);
        Assert.Empty(server.Deliveries);
        server.Perform(new UserAction { Do = UserActionKind.EditBody, Number = 1, Text = "again" });
        Assert.Equal(1, Assert.Single(server.Writes).Sequence);
    }

    // A copy of the files while the first process has them open is what a kill leaves.
    private string Crash()
    {
        string copy = Path.Combine(_directory.Path, $"copy-{++_copies}.db");
        foreach (string suffix in (string[])["", "-wal"])
        {
            File.Copy(Database + suffix, copy + suffix);
        }

        return copy;
    }

    private static Task<SandboxServer> StartAsync(string database, string? secret = null) =>
        TestSandbox.StartAsync(o => o with { DatabasePath = database, WebhookSecret = secret });
}
