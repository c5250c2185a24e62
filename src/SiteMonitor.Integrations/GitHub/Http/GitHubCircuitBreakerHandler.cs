using System.Net.Http.Headers;
using System.Text;
using SiteMonitor.Integrations.GitHub.Pacing;
using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>
/// Sends requests through the credential's circuit breaker. Its probe asks GitHub who we are, so that no issue decides whether GitHub
/// counts as down.
/// </summary>
internal sealed class GitHubCircuitBreakerHandler(CircuitBreaker breaker, Uri graph) : DelegatingHandler
{
    private const string Query = """{"query":"{viewer{login}}"}""";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await breaker.ProbeIfOpenAsync(token => ProbeAsync(request, token), cancellationToken);
        return await breaker.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
    }

    /// <returns>The status.</returns>
    private async ValueTask<int> ProbeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using HttpRequestMessage probe = new(HttpMethod.Post, graph)
        {
            Content = new StringContent(Query, Encoding.UTF8, "application/json"),
        };
        probe.Headers.Authorization = request.Headers.Authorization;
        foreach (ProductInfoHeaderValue product in request.Headers.UserAgent)
        {
            probe.Headers.UserAgent.Add(product);
        }

        RequestTag tag = new(RequestKind.Read, extra: true);
        using HttpResponseMessage response = await tag.RunAsync(
            "asking whether GitHub answers", () => base.SendAsync(probe, cancellationToken), cancellationToken);
        return (int)response.StatusCode;
    }
}
