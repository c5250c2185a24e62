using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>Detects primary and secondary rate limits in responses, and closes the credential's gate until they end.</summary>
internal sealed partial class RateLimitHandler(RateLimitGate gate, TimeProvider time, ILogger logger) : DelegatingHandler
{
    /// <summary>With a larger difference the clocks are unrelated, as with simulated time.</summary>
    private static readonly TimeSpan LargestSkew = TimeSpan.FromHours(1);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        TimeSpan? named = RetryAfter(response) is { } after ? Bounded(after) : null;
        if (await IsLimitedAsync(response, cancellationToken))
        {
            TimeSpan wait = (named ?? ResetWait(response)) is { } known ? gate.Close(known) : gate.CloseWithBackoff();
            Log.Limited(logger, (int)response.StatusCode, Header(response, "x-ratelimit-resource") ?? "secondary", wait);
            response.Dispose();
            throw new RateLimitedException(wait);
        }

        if (named is { } asked)
        {
            // Whatever else the answer says: over GraphQL a secondary limit comes with status 200.
            gate.Close(asked);
        }

        if (response.StatusCode != HttpStatusCode.NotModified && Header(response, "x-ratelimit-remaining") == "0"
            && ResetWait(response) is { } reset)
        {
            gate.Close(reset, Header(response, "x-ratelimit-resource"));
        }

        return response;
    }

    private static async Task<bool> IsLimitedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            return true;
        }

        if (response.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity))
        {
            return false;
        }

        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        return SecondaryRateLimitMessage.Matches(body)
            || (response.StatusCode == HttpStatusCode.Forbidden
                && (response.Headers.RetryAfter is not null
                    || Header(response, "x-ratelimit-remaining") == "0"
                    || body.Contains("rate limit", StringComparison.OrdinalIgnoreCase)));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } after ? null : after.Delta ?? (after.Date is { } date ? date - GitHubNow(response) : null);

    private TimeSpan? ResetWait(HttpResponseMessage response) =>
        Header(response, "x-ratelimit-remaining") == "0"
        && long.TryParse(Header(response, "x-ratelimit-reset"), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
        && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            // The reset is cut to whole seconds.
            ? Bounded(DateTimeOffset.FromUnixTimeSeconds(seconds) - GitHubNow(response) + TimeSpan.FromSeconds(1))
            : null;

    private DateTimeOffset GitHubNow(HttpResponseMessage response)
    {
        DateTimeOffset ours = time.GetUtcNow();
        return response.Headers.Date is { } theirs && (theirs - ours).Duration() <= LargestSkew ? theirs : ours;
    }

    private static TimeSpan Bounded(TimeSpan wait) =>
        wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait > RateLimitGate.LongestWait ? RateLimitGate.LongestWait : wait;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    private static partial class Log
    {
        [LoggerMessage(2103, LogLevel.Warning, "GitHub's rate limit ({Limit}, status {Status}) prevents requests for {Wait}")]
        public static partial void Limited(ILogger logger, int status, string limit, TimeSpan wait);
    }
}

/// <summary>The texts by which secondary rate limits are recognized: over GraphQL some come with status 200 and no error type.</summary>
internal static class SecondaryRateLimitMessage
{
    private static readonly string[] Phrases = ["submitted too quickly", "secondary rate limit", "abuse detection"];

    public static bool Matches(string? message) =>
        message is not null && Phrases.Any(phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase));
}
