using System.Globalization;
using SiteMonitor.LocalHost.Sandbox.Faults;

namespace SiteMonitor.LocalHost.Sandbox.Http;

/// <summary>The answers of injected faults.</summary>
internal static class FaultReply
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(1);

    public static Reply Of(FaultRule fault, ApiRequest request, DateTimeOffset now)
    {
        TimeSpan wait = fault.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultWait;
        return fault.Effect switch
        {
            FaultEffect.BadGateway => Reply.Text(502, "text/html", "<html><head><title>Unicorn!</title></head><body>We had issues producing the response to your request.</body></html>"),
            FaultEffect.Unavailable => Reply.Error(503, "Service unavailable") with { Headers = Wait(fault.RetryAfter is null ? null : wait) },
            FaultEffect.PrimaryLimit => LimitReply.Primary(request.IsGraph, request.Caller.Account.Id) with
            {
                Headers = new Dictionary<string, string> { ["x-ratelimit-remaining"] = "0", ["x-ratelimit-reset"] = LimitReply.Epoch(now + wait) },
            },
            FaultEffect.SecondaryLimit => LimitReply.Secondary(403, wait),
            FaultEffect.TooManyRequests => LimitReply.Secondary(429, wait),
            FaultEffect.SubmittedTooQuickly => LimitReply.TooQuickly(request.IsGraph) with { Headers = Wait(fault.RetryAfter is null ? null : wait) },
            FaultEffect.UntypedLimit => request.IsGraph
                ? LimitReply.Untyped() with { Headers = Wait(fault.RetryAfter is null ? null : wait) }
                : LimitReply.Secondary(403, wait),
            FaultEffect.Garbage => Reply.Text(200, "text/plain", "\u0000\u0001 not what you expected {[<"),
            FaultEffect.BadCredentials => Reply.Error(401, "Bad credentials"),
            FaultEffect.NotFound => Reply.Error(404, "Not Found"),
            _ => Reply.Error(500, "Server Error"),
        };
    }

    private static Dictionary<string, string> Wait(TimeSpan? wait) =>
        wait is { } time ? new() { ["retry-after"] = ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture) } : [];
}
