using Microsoft.Extensions.Logging.Abstractions;
using SiteMonitor.Benchmarks.Backlog;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

public sealed class BatchPacingTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly SimulatedTime _time = new();

    /// <summary>With one token for everything each issue costs it four writes; with two, three and one.</summary>
    [Theory]
    [InlineData(100, false)]
    [InlineData(100, true)]
    [InlineData(150, false)]
    public async Task A_Batch_Meets_No_Rate_Limit_With_GitHubs_Real_Figures(int issues, bool oneToken)
    {
        using GitHubLimitsSimulation appSide = new(_time, () => TimeSpan.FromMilliseconds(300), isOneProcess: true, new GitHubLimits());
        using GitHubLimitsSimulation userSide = new(_time, () => TimeSpan.FromMilliseconds(300), isOneProcess: true, new GitHubLimits());
        using RequestPacer appPacer = Pacers.Create(_time);
        using RequestPacer userPacer = Pacers.Create(_time);
        using HttpMessageInvoker app = Chain(appPacer, appSide);
        using HttpMessageInvoker user = oneToken ? app : Chain(userPacer, userSide);
        using CallMeter meter = CallMeter.Start();

        DateTimeOffset start = _time.GetUtcNow();
        await _time.RunAsync(() => Task.WhenAll(Enumerable.Range(0, issues).Select(_ => RunAsync(app, user))));
        Assert.Empty(appSide.Refusals);
        Assert.Empty(userSide.Refusals);
        Assert.Equal(issues * 6, appSide.Count + userSide.Count);
        Assert.Equal((issues * 2, issues * 4, 0), (meter.Total.GitHubReads, meter.Total.GitHubWrites, meter.Total.GitHubExtra));
        // Bound by a write a second, on the token that makes most of them.
        Assert.InRange((_time.GetUtcNow() - start).TotalSeconds, issues * (oneToken ? 4 : 3) - 1, issues * (oneToken ? 4 : 3) * 1.1);
    }

    /// <summary>A run's six requests; one told to wait does so as an orchestration would, on a timer, and sends again.</summary>
    private async Task RunAsync(HttpMessageInvoker app, HttpMessageInvoker user)
    {
        await SendAsync(app, RequestKind.Read);
        await SendAsync(app, RequestKind.Write);
        await SendAsync(app, RequestKind.Read);
        await SendAsync(app, RequestKind.Write);
        await SendAsync(user, RequestKind.Write);
        await SendAsync(app, RequestKind.Write);
    }

    private async Task SendAsync(HttpMessageInvoker client, RequestKind kind)
    {
        while (true)
        {
            try
            {
                await new RequestTag(kind).RunAsync(
                    "sending a request",
                    async () =>
                    {
                        using HttpRequestMessage request = new(HttpMethod.Post, "https://api.github.com/graphql");
                        using HttpResponseMessage response = await client.SendAsync(request, Token);
                        return response.StatusCode;
                    },
                    Token);
                return;
            }
            catch (RateLimitedException limited)
            {
                await Task.Delay(limited.Wait, _time, Token);
            }
        }
    }

    private HttpMessageInvoker Chain(RequestPacer pacer, HttpMessageHandler network) => new(new PacingHandler(pacer)
    {
        InnerHandler = new RateLimitHandler(pacer.Gate, _time, NullLogger.Instance) { InnerHandler = new MeteringHandler { InnerHandler = network } },
    });
}
