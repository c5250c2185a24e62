using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DurableTask.Sqlite.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.Announcements;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Integrations.Announcements;

public sealed class ChannelTests
{
    private static readonly Announcement Sample = new()
    {
        Id = "20261102080000-7",
        Topic = Topics.RollbackDone,
        At = new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero),
        Phase = "half",
        Title = "Rolled back <!channel> & co",
        Lines = ["error rate 12 %", "by @kim, see #12 and <https://evil.example|here>"],
        IncidentId = "INC-3",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slack_Gets_Blocks_In_Which_Nothing_Can_Mention_Or_Link()
    {
        await using Receiver receiver = await Receiver.StartAsync();

        Assert.Null((await SendAsync("slack", receiver)).Problem);

        JsonElement message = Body(receiver);
        Assert.Equal("Rolled back &lt;!channel&gt; &amp; co", message.GetProperty("text").GetString());
        JsonElement[] blocks = [.. message.GetProperty("blocks").EnumerateArray()];
        Assert.Equal(["header", "section", "context"], blocks.Select(b => b.GetProperty("type").GetString()));
        Assert.Equal("• error rate 12 %\n• by @kim, see #12 and &lt;https://evil.example|here&gt;", blocks[1].GetProperty("text").GetProperty("text").GetString());
    }

    [Fact]
    public async Task Teams_Gets_An_Adaptive_Card_Of_Plain_Text_Runs()
    {
        await using Receiver receiver = await Receiver.StartAsync();

        Assert.Null((await SendAsync("teams", receiver)).Problem);

        JsonElement attachment = Assert.Single(Body(receiver).GetProperty("attachments").EnumerateArray());
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        JsonElement card = attachment.GetProperty("content");
        Assert.Equal("AdaptiveCard", card.GetProperty("type").GetString());
        Assert.Equal(
            [Sample.Title, .. Sample.Lines],
            card.GetProperty("body").EnumerateArray().SkipLast(1).Select(b => b.GetProperty("inlines")[0].GetProperty("text").GetString()!));
    }

    [Theory]
    [InlineData("slack", "invalid_payload", false)]
    [InlineData("slack", "ok", true)]
    [InlineData("slack", "", true)]
    [InlineData("slack", "{\"ok\":false,\"error\":\"channel_is_archived\"}", false)]
    [InlineData("teams", "1", true)]
    [InlineData("teams", "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413", false)]
    [InlineData("pager", "thanks", true)]
    [InlineData("pager", "{\"status\":\"success\",\"errors\":[]}", true)]
    [InlineData("pager", "{\"success\":false}", false)]
    [InlineData("pager", "{\"errors\":[\"unknown routing key\"]}", false)]
    [InlineData("pager", "{\"status\":\"error\"}", false)]
    [InlineData("pager", "{\"status\":\"FAIL\",\"data\":{}}", false)]
    [InlineData("pager", "{\"status\":404}", false)]
    [InlineData("pager", "{\"errcode\":310000,\"errmsg\":\"keywords not in content\"}", false)]
    [InlineData("pager", "{\"errcode\":0,\"errmsg\":\"ok\"}", true)]
    [InlineData("pager", "{\"code\":19001,\"msg\":\"param invalid\"}", false)]
    [InlineData("pager", "{\"code\":0,\"StatusCode\":0}", true)]
    [InlineData("pager", "{\"code\":\"ok\",\"code\":\"ok\"}", true)]
    [InlineData("pager", "{\"success\":\"false\"}", false)]
    [InlineData("pager", "{\"result\":\"error\",\"msg\":\"invalid key\"}", false)]
    [InlineData("pager", "{\"result\":\"Request will be processed\"}", true)]
    [InlineData("pager", "{\"error\":{}}", true)]
    [InlineData("pager", "{\"error\":0}", true)]
    [InlineData("pager", "{\"error\":\"\\ud83d\"}", false)]
    [InlineData("pager", "\ufeff<!DOCTYPE html><title>Sign in</title>", false)]
    [InlineData("pager", "<html><body>This domain is parked</body></html>", false)]
    [InlineData("pager", "<Response/>", true)]
    [InlineData("pager", "[]", true)]
    [InlineData("teams", "<html>Sign in</html>", false)]
    public async Task An_Answer_That_Says_200_And_Means_No_Is_Not_Taken_As_Delivered(string channel, string body, bool taken)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Body = body;

        SendResult result = await SendAsync(channel, receiver);

        Assert.Equal((taken, false), (result.Problem is null, result.IsFinal));
    }

    [Theory]
    [InlineData("no_service: /hooks/T0/s3cret-path")]
    [InlineData("{\"error\":\"unknown hook S3CRET-PATH\"}")]
    [InlineData("invalid_token t0ken-of-pager")]
    [InlineData("{\"error\":\"127.0.0.1 is not allowed\"}")]
    public async Task An_Answer_That_Repeats_The_Address_Or_The_Credentials_Is_Not_Quoted(string body)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Body = body;
        ListLoggerProvider logs = new();

        SendResult result = await SendAsync("slack", receiver, authorization: "Bearer t0ken-of-pager", logs: logs);

        Assert.Equal("answered 200 but rejected the message: an error", result.Problem);
        string all = string.Join('\n', logs.Of(typeof(WebhookSender).FullName!));
        Assert.DoesNotContain("s3cret-path", all, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("t0ken", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("😀")]
    [InlineData("<&>")]
    public void A_Message_Is_Cut_To_The_Limits_Of_Its_Channel(string filling)
    {
        string text = string.Concat(Enumerable.Repeat(filling, 33_200 / filling.Length));
        Announcement large = Sample with { Title = text, Lines = [text, .. Enumerable.Repeat("line", 5000)] };

        string card = TeamsMessage.Write(large).ToJsonString();
        JsonObject slack = SlackMessage.Write(large);
        string comment = IssueChannel.Write(large);

        Assert.InRange(Encoding.UTF8.GetByteCount(card), 5_000, 28 * 1024);
        Assert.Contains("\\u2026", card, StringComparison.Ordinal);
        Assert.Contains("incidents post-mortem INC-3", card, StringComparison.Ordinal);
        Assert.All(slack["blocks"]!.AsArray().Select(b => b!["text"]?["text"]?.GetValue<string>() ?? string.Empty), t => Assert.InRange(t.Length, 0, 3000));
        Assert.InRange(slack["blocks"]![0]!["text"]!["text"]!.GetValue<string>().Length, 1, 150);
        Assert.InRange(slack["text"]!.GetValue<string>().Length, 1, 40_000);
        Assert.InRange(comment.Length, 10_000, 65_536);
        Assert.EndsWith("<!-- sitemonitor-announcement 20261102080000-7 -->", comment, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(comment)));
    }

    [Fact]
    public async Task Any_Other_Webhook_Gets_Flat_Json_With_An_Id_To_Tell_Repetitions_By()
    {
        await using Receiver receiver = await Receiver.StartAsync();

        Assert.Null((await SendAsync("pager", receiver, authorization: "Bearer t0ken")).Problem);

        JsonElement message = Body(receiver);
        Assert.Equal((Sample.Id, Topics.RollbackDone, "half", "INC-3"), (message.GetProperty("id").GetString(), message.GetProperty("topic").GetString(), message.GetProperty("phase").GetString(), message.GetProperty("incident").GetString()));
        Assert.True(receiver.Messages.TryPeek(out var got));
        Assert.Equal((Sample.Id, "Bearer t0ken"), (got.Headers["Idempotency-Key"].ToString(), got.Headers.Authorization.ToString()));
    }

    [Theory]
    [InlineData(500, null, true)]
    [InlineData(503, "1", true)]
    [InlineData(429, "0", true)]
    [InlineData(400, null, false)]
    public async Task What_May_Pass_Is_Tried_Again_And_What_Is_Refused_Is_Not(int status, string? retryAfter, bool arrives)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer(status, retryAfter);

        SendResult result = await SendAsync("slack", receiver);

        Assert.Equal((arrives, !arrives, arrives ? 2 : 1), (result.Problem is null, result.IsFinal, receiver.Messages.Count));
    }

    [Theory]
    [InlineData(404, null)]
    [InlineData(429, "3600")]
    [InlineData(301, null)]
    public async Task What_Somebody_Has_To_Mend_Or_Takes_Long_Is_Left_To_The_Outbox(int status, string? retryAfter)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer(status, retryAfter).Answer(status, retryAfter).Answer(status, retryAfter);

        SendResult result = await SendAsync("slack", receiver);

        Assert.NotNull(result.Problem);
        Assert.False(result.IsFinal);
    }

    [Fact]
    public async Task A_Receiver_That_Hangs_Costs_No_More_Than_The_Time_Out_Of_Each_Try()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer(0).Answer(0).Answer(0);

        SendResult result = await SendAsync("slack", receiver, timeout: "00:00:00.200");

        Assert.Equal("no answer within 0.2 s", result.Problem);
        Assert.Equal(3, receiver.Messages.Count);
    }

    [Fact]
    public async Task Neither_Results_Nor_Logs_Name_The_Address_Or_The_Credentials()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer(404).Answer(500).Answer(403);
        ListLoggerProvider logs = new();

        SendResult result = await SendAsync("pager", receiver, authorization: "Bearer t0ken", logs: logs);

        string all = string.Join('\n', [result.Problem, .. logs.Of(typeof(WebhookSender).FullName!)]);
        Assert.Contains("pager", all, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-path", all, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", all, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", all, StringComparison.Ordinal);
    }

    /// <summary>Once it counts as down, nobody waits for it any more, and the others get their messages.</summary>
    [Fact]
    public async Task A_Dead_Channel_Is_Left_Alone_And_Others_Get_Every_Announcement()
    {
        const int Announcements = 12;
        await using Receiver dead = await Receiver.StartAsync();
        await using Receiver healthy = await Receiver.StartAsync();
        for (int i = 0; i < 3 * Announcements; i++)
        {
            dead.Answer(503);
        }

        using ServiceProvider services = Services(new()
        {
            ["Announcements:Channels:pager:Url"] = dead.Url,
            ["Announcements:Channels:news:Url"] = healthy.Url,
            ["CircuitBreakers:SamplingDuration"] = "00:10:00",
        });
        IAnnouncementChannel[] channels = [.. services.GetRequiredService<AnnouncementChannels>()];

        // As many attempts as open the circuit; it is probed a second later, and left alone after that.
        List<SendResult> results = [];
        for (int i = 0; i < Announcements; i++)
        {
            SendResult[] sent = await Task.WhenAll(channels.Select(c => c.SendAsync(Sample, Stop)));
            results.Add(sent[Array.FindIndex(channels, c => c.Name == "pager")]);
        }

        Assert.Equal(Announcements, healthy.Messages.Count);
        Assert.InRange(dead.Messages.Count, 4, 6);
        Assert.All(results, r => Assert.NotNull(r.Problem));
        Assert.Contains("it is down", results[^1].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Comment_Holds_Operators_Words_As_Plain_Text_With_A_Marker()
    {
        string comment = IssueChannel.Write(Sample);

        Assert.DoesNotContain("@kim", comment, StringComparison.Ordinal);
        Assert.DoesNotContain("#12", comment, StringComparison.Ordinal);
        Assert.DoesNotContain("<https", comment, StringComparison.Ordinal);
        Assert.EndsWith("<!-- sitemonitor-announcement 20261102080000-7 -->", comment, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_Settings_Are_Reported_By_Name()
    {
        using ServiceProvider services = Services(new()
        {
            ["Announcements:Channels:slack:Url"] = "hooks.slack.com/x",
            ["Announcements:Channels:news:Kind"] = "fax",
            ["Announcements:Channels:issue:Issue"] = "42",
            ["Announcements:Retries"] = "9",
        });

        OptionsValidationException invalid = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(4, invalid.Failures.Count());
        Assert.All(invalid.Failures, f => Assert.StartsWith("Announcements:", f, StringComparison.Ordinal));
    }

    private static async Task<SendResult> SendAsync(string name, Receiver receiver, string authorization = "", string timeout = "00:00:05", ListLoggerProvider? logs = null)
    {
        using ServiceProvider services = Services(
            new()
            {
                [$"Announcements:Channels:{name}:Url"] = receiver.Url,
                [$"Announcements:Channels:{name}:Authorization"] = authorization,
                ["Announcements:Timeout"] = timeout,
            },
            logs,
            new FastClock(50));
        services.GetRequiredService<IStartupValidator>().Validate();
        return await Assert.Single(services.GetRequiredService<AnnouncementChannels>()).SendAsync(Sample, Stop);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings, ListLoggerProvider? logs = null, TimeProvider? time = null)
    {
        ServiceCollection services = new();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddLogging(logging => { if (logs is not null) { logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs); } });
        return services.AddAnnouncements(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();
    }

    private static JsonElement Body(Receiver receiver) => JsonElement.Parse(Assert.Single(receiver.Messages).Body);
}
