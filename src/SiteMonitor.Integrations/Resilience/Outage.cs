using System.ClientModel;
using Azure;
using Polly;
using Polly.CircuitBreaker;
using SiteMonitor.Core;

namespace SiteMonitor.Integrations.Resilience;

/// <summary>Recognizes requests that failed because the service is down: no connection, no answer in time, 408 or 5xx.</summary>
/// <remarks>A rate limit, a refusal or an answer that cannot be read shows that the service is there.</remarks>
internal static class Outage
{
    /// <summary>Returns when to ask again the service that a circuit breaker keeps requests from; null for other failures.</summary>
    public static TimeSpan? GetWait(Exception exception) => exception switch
    {
        BrokenCircuitException { RetryAfter: { } wait } when wait > TimeSpan.Zero => wait,
        BrokenCircuitException => TimeSpan.FromSeconds(1),

        // The retries of the Azure clients collect what each attempt threw.
        AggregateException several => several.InnerExceptions.Select(GetWait).FirstOrDefault(wait => wait is not null),
        _ => null,
    };

    /// <param name="cancellationToken">The caller's own, which says nothing about the service.</param>
    public static bool IsShownBy(Outcome<object> outcome, CancellationToken cancellationToken) => outcome switch
    {
        { Exception: OperationCanceledException } => !cancellationToken.IsCancellationRequested,
        { Exception: ClientResultException answer } => IsShownBy(answer.Status),
        { Exception: RequestFailedException answer } => IsShownBy(answer.Status),
        { Exception: { } exception } => exception is HttpRequestException or IOException or TransientFailureException,
        { Result: HttpResponseMessage response } => IsShownBy((int)response.StatusCode),
        { Result: int status } => IsShownBy(status),
        _ => false,
    };

    /// <param name="status">0 without an answer.</param>
    private static bool IsShownBy(int status) => status is 0 or 408 or >= 500;
}
