using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Sandbox;
using static SiteMonitor.Tests.Sandbox.SandboxClient;

namespace SiteMonitor.Tests.Sandbox;

public sealed class RateLimitTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    [Fact]
    public async Task Eighty_Writes_A_Minute_Pass_And_The_Next_Is_Refused_Until_It_Is_Over()
    {
        await using SandboxServer server = await StartAsync();
        using SandboxClient bot = new(server);
        for (int i = 0; i < 80; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await bot.PatchAsync($"{Repository}/issues/1", new { title = $"Title {i}" })).Status);
        }

        SandboxResponse refused = await bot.PatchAsync($"{Repository}/issues/1", new { title = "one too many" });
        _time.Advance(TimeSpan.FromSeconds(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture)));
        SandboxResponse later = await bot.PatchAsync($"{Repository}/issues/1", new { title = "later" });

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.StartsWith("You have exceeded a secondary rate limit", refused.Message, StringComparison.Ordinal);
        Assert.Equal("60", refused.Headers["Retry-After"]);
        Assert.Equal(HttpStatusCode.OK, later.Status);
        Assert.Equal((1, 81), (server.Stats.RateLimited, server.Writes.Count));
    }

    [Fact]
    public async Task Nine_Hundred_Points_A_Minute_Are_One_Hundred_And_Eighty_Writes_Or_Nine_Hundred_Reads()
    {
        await using SandboxServer server = await StartAsync();
        using SandboxClient bot = new(server);
        for (int i = 0; i < 900; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await bot.GetAsync("/user")).Status);
        }

        SandboxResponse refused = await bot.GetAsync("/user");

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task Limits_Are_Counted_For_Each_Token_And_Shown_In_The_Headers()
    {
        await using SandboxServer server = await StartAsync();
        using SandboxClient bot = new(server);
        using SandboxClient person = OfOperator(server);
        await bot.GetAsync("/user");

        SandboxResponse second = await bot.GetAsync("/user");
        SandboxResponse other = await person.GetAsync("/user");
        SandboxResponse graph = await bot.GraphAsync("query { viewer { login } }");

        Assert.Equal("4998", second.Headers["x-ratelimit-remaining"]);
        Assert.Equal((1_800_000_000 + 3600).ToString(CultureInfo.InvariantCulture), second.Headers["x-ratelimit-reset"]);
        Assert.Equal("4999", other.Headers["x-ratelimit-remaining"]);
        Assert.Equal(("graphql", "4999"), (graph.Headers["x-ratelimit-resource"], graph.Headers["x-ratelimit-remaining"]));
    }

    [Fact]
    public async Task Scaled_Limits_Pass_As_Much_Faster()
    {
        await using SandboxServer server = await StartAsync(o => o with { RealLimits = false, TimeScale = 60 });
        using SandboxClient bot = new(server);

        SandboxResponse answer = await bot.GetAsync("/user");

        Assert.Equal((1_800_000_000 + 60).ToString(CultureInfo.InvariantCulture), answer.Headers["x-ratelimit-reset"]);
    }

    [Fact]
    public async Task More_Than_A_Hundred_Requests_At_Once_Are_Refused()
    {
        await using SandboxServer server = await StartAsync(
            o => o with { Latency = new SandboxLatency { GitHub = TimeSpan.FromSeconds(1.5) } });
        using SandboxClient bot = new(server);

        SandboxResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => bot.GetAsync("/user")));

        Assert.Equal(100, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.Equal(20, answers.Count(a => a.Status == HttpStatusCode.Forbidden));
    }

    private Task<SandboxServer> StartAsync(Func<SandboxOptions, SandboxOptions>? change = null)
    {
        SandboxOptions options = TestSandbox.Options with { RealLimits = true, LimitTime = _time };
        return TestSandbox.StartAsync(_ => change?.Invoke(options) ?? options);
    }
}
