using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Benchmarks.Backlog;

/// <summary>
/// A process of the app as GitHub sees it: the pacing and rate-limit handlers of the GitHub client, and as many activities at once as
/// <c>host.json</c> allows.
/// </summary>
internal sealed class BacklogInstance : IDisposable
{
    private const int MaxActivities = 10;
    private readonly SemaphoreSlim _activities = new(MaxActivities);
    private readonly RequestPacer _pacer;
    private readonly HttpMessageInvoker _client;

    public BacklogInstance(GitHubOptions options, IPacingStateStore store, HttpMessageHandler gitHub, TimeProvider time)
    {
        Health = new PacingHealth();
        _pacer = new RequestPacer("credential", options, new PacingServices(store, Health, time, NullLogger.Instance));
        _client = new HttpMessageInvoker(
            new PacingHandler(_pacer)
            {
                InnerHandler = new RateLimitHandler(_pacer.Gate, time, NullLogger.Instance)
                {
                    InnerHandler = new MeteringHandler { InnerHandler = gitHub },
                },
            },
            disposeHandler: false);
    }

    public PacingHealth Health { get; }

    /// <summary>Runs an activity that sends these requests.</summary>
    /// <returns>How long to wait before it is run again; null when it is done.</returns>
    public async Task<TimeSpan?> RunAsync(WritePrecedence order, bool begins, IReadOnlyList<RequestKind> requests)
    {
        await _activities.WaitAsync(CancellationToken.None);
        try
        {
            WritePrecedence.Set(order);
            foreach (RequestKind kind in requests)
            {
                await SendAsync(kind, begins);
            }

            return null;
        }
        catch (RateLimitedException limited)
        {
            return limited.Wait;
        }
        finally
        {
            _activities.Release();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _pacer.Dispose();
        _activities.Dispose();
    }

    private Task<HttpStatusCode> SendAsync(RequestKind kind, bool begins) =>
        new RequestTag(kind) { StartsWork = begins && kind == RequestKind.Write }.RunAsync(
            "sending a request",
            async () =>
            {
                using HttpRequestMessage request = new(HttpMethod.Post, "https://api.github.com/graphql");
                using HttpResponseMessage response = await _client.SendAsync(request, CancellationToken.None);
                return response.StatusCode;
            },
            CancellationToken.None);
}
