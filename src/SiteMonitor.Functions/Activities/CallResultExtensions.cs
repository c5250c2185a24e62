using SiteMonitor.Core.Failures;

namespace SiteMonitor.Functions.Activities;

/// <summary>Passes rate limits on.</summary>
internal static class CallResultExtensions
{
    public static CallResult<TOut> Then<TIn, TOut>(this CallResult<TIn> result, Func<TIn, TOut> next) =>
        result.RetryAt is { } retryAt ? CallResult<TOut>.RateLimited(retryAt) : CallResult<TOut>.Ok(next(result.Value!));

    /// <summary>The limit as another kind of result.</summary>
    public static CallResult<TOut> AsLimited<TIn, TOut>(this CallResult<TIn> result) => CallResult<TOut>.RateLimited(result.RetryAt!.Value);
}
