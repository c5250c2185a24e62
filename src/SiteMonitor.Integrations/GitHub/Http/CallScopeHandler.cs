using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>Cancels a request when its call is cancelled, and fails it at once while GitHub is down.</summary>
internal sealed class CallScopeHandler(CircuitBreaker breaker) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        breaker.ThrowIfOpen();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, RequestTag.Current.Cancellation);
        return await base.SendAsync(request, linked.Token);
    }
}
