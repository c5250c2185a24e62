using System.Globalization;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Sandbox.Http;

/// <summary>Creates the responses of injected faults.</summary>
internal static class FaultResponses
{
    /// <summary>A page with status 200 where JSON is expected.</summary>
    public static readonly SimulatedResponse HtmlPage = SimulatedResponse.Text(
        200, "text/html; charset=utf-8",
        "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Accept the terms of use.</body></html>");

    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(1);

    public static SimulatedResponse Of(FaultRule fault, ApiRequest request, DateTimeOffset now)
    {
        TimeSpan wait = fault.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultWait;
        TimeSpan? named = fault.RetryAfter is 0 ? null : wait;
        return fault.Effect switch
        {
            FaultEffect.BadGateway =>
                SimulatedResponse.Text(
                    502, "text/html",
                    "<html><head><title>Unicorn!</title></head><body>We had issues producing the response to your request.</body></html>"),
            FaultEffect.Unavailable =>
                SimulatedResponse.Error(503, "Service unavailable") with { Headers = Wait(fault.RetryAfter is null ? null : named) },
            FaultEffect.PrimaryLimit => RateLimitResponses.Primary(request.IsGraph, request.Caller.Account.Id) with
            {
                Headers = new Dictionary<string, string>
                {
                    ["x-ratelimit-remaining"] = "0",
                    ["x-ratelimit-reset"] = RateLimitResponses.Epoch(now + wait),
                },
            },
            FaultEffect.SecondaryLimit => RateLimitResponses.Secondary(403, named),
            FaultEffect.TooManyRequests => RateLimitResponses.Secondary(429, named),
            FaultEffect.SubmittedTooQuickly =>
                RateLimitResponses.SubmittedTooQuickly(request.IsGraph) with { Headers = Wait(fault.RetryAfter is null ? null : named) },
            FaultEffect.UntypedLimit => request.IsGraph
                ? RateLimitResponses.Untyped() with { Headers = Wait(fault.RetryAfter is null ? null : named) }
                : RateLimitResponses.Secondary(403, named),
            FaultEffect.HtmlPage => HtmlPage,
            FaultEffect.StaleETag => SimulatedResponse.Empty(304),
            FaultEffect.Garbage => SimulatedResponse.Text(200, "text/plain", "\u0000\u0001 not what you expected {[<"),
            FaultEffect.BadCredentials => SimulatedResponse.Error(401, "Bad credentials"),
            FaultEffect.NotFound => SimulatedResponse.Error(404, "Not Found"),
            _ => SimulatedResponse.Error(500, "Server Error"),
        };
    }

    private static Dictionary<string, string> Wait(TimeSpan? wait) =>
        wait is { } time ? new() { ["retry-after"] = ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture) } : [];
}
