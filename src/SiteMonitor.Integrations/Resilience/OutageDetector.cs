using System.ClientModel;
using Azure;
using Polly;
using Polly.CircuitBreaker;
using SiteMonitor.Core;

namespace SiteMonitor.Integrations.Resilience;

/// <summary>Recognizes requests that failed because the service is down: no connection, no answer in time, 408 or 5xx.</summary>
/// <remarks>A rate limit, a refusal or an answer that cannot be read shows that the service is there.</remarks>
internal static class OutageDetector
{
    /// <summary>Returns when to ask again the service that a circuit breaker keeps requests from; null for other failures.</summary>
    public static TimeSpan? GetRetryDelay(Exception exception) => exception switch
    {
        BrokenCircuitException { RetryAfter: { } wait } when wait > TimeSpan.Zero => wait,
        BrokenCircuitException => TimeSpan.FromSeconds(1),

        // The retries of the Azure clients collect what each attempt threw.
        AggregateException several => several.InnerExceptions.Select(GetRetryDelay).FirstOrDefault(wait => wait is not null),
        _ => null,
    };

    /// <param name="cancellationToken">The caller's own, which says nothing about the service.</param>
    public static bool IsOutage(Outcome<object> outcome, CancellationToken cancellationToken) => outcome switch
    {
        { Exception: OperationCanceledException } => !cancellationToken.IsCancellationRequested,
        { Exception: ClientResultException answer } => IsOutage(answer.Status),
        { Exception: RequestFailedException answer } => IsOutage(answer.Status),
        { Exception: { } exception } => exception is HttpRequestException or IOException or TransientFailureException,
        { Result: HttpResponseMessage response } => IsOutage((int)response.StatusCode),
        { Result: int status } => IsOutage(status),
        _ => false,
    };

    /// <param name="status">0 without an answer.</param>
    private static bool IsOutage(int status) => status is 0 or 408 or >= 500;
}
