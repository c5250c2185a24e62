using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>A kind of fault, and how a rule of it is drawn.</summary>
/// <param name="Name">Name in the campaign's table.</param>
/// <param name="OnRealTime">Whether a host on real time gets over it within seconds.</param>
/// <param name="Draw">Draws a rule; the same random numbers give the same rule.</param>
internal sealed record FaultKind(string Name, bool OnRealTime, Func<Random, FaultRule> Draw)
{
    private static readonly string[] Writes =
        ["mutation", "addLabelsToLabelable", "updateIssue", "removeLabelsFromLabelable", "addComment", "addAssigneesToAssignable"];

    private static readonly string[] Requests = ["github", "query", "rest", .. Writes];

    /// <summary>Faults of GitHub, of the model as a whole, and of the webhook.</summary>
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new("latency", true, r => Rule(Pick(r, Requests), FaultEffect.Slow, r.Next(1, 7)) with { DelayMs = r.Next(20, 250) }),
        new("connection reset", true, r => Rule(Pick(r, Requests), FaultEffect.Reset, r.Next(1, 4))),
        new("5xx", true, r => Rule(Pick(r, Requests), Pick(r, FaultEffect.ServerError, FaultEffect.Unavailable), r.Next(1, 4))),
        new("HTML page with 502", true, r => Rule(Pick(r, Requests), FaultEffect.BadGateway, r.Next(1, 4))),
        new("HTML page with 200", true, r => Rule(Pick(r, Requests), FaultEffect.HtmlPage, r.Next(1, 3))),
        new("text that is no JSON", true, r => Rule(Pick(r, Requests), FaultEffect.Garbage, r.Next(1, 3))),
        new("429 storm with retry-after", false, r => Limit("github", FaultEffect.TooManyRequests, r.Next(5, 20), r.Next(1, 121))),
        new("429 storm without retry-after", false, r => Limit("github", FaultEffect.TooManyRequests, r.Next(2, 8), 0)),
        new("secondary limit", false, r => Limit(
            Pick(r, Requests),
            Pick(r, FaultEffect.SecondaryLimit, FaultEffect.UntypedLimit, FaultEffect.SubmittedTooQuickly),
            r.Next(1, 6),
            Pick<int?>(r, null, 0, r.Next(1, 91)))),
        new("primary limit", false, r => Limit(Pick(r, Requests), FaultEffect.PrimaryLimit, r.Next(1, 4), r.Next(60, 1_800))),
        new("stale ETag", true, r => Rule("rest read", FaultEffect.StaleETag, r.Next(1, 4))),
        new("response lost after the write", true, r => Rule(Pick(r, Writes), FaultEffect.Reset, r.Next(1, 4)) with { AfterWork = true }),
        new("error page after the write", true, r => Rule(
            Pick(r, Writes), Pick(r, FaultEffect.ServerError, FaultEffect.BadGateway, FaultEffect.HtmlPage), r.Next(1, 3)) with
        {
            AfterWork = true,
        }),
        new("half body", true, r => Rule(Pick(r, Requests), FaultEffect.HalfBody, r.Next(1, 4))),
        new("wrong content type", true, r => Rule(Pick(r, Requests), FaultEffect.WrongContentType, r.Next(1, 4))),
        new("half-done write", true, r => Rule(Pick(r, Writes[1..]), FaultEffect.FieldError, r.Next(1, 4))),
        new("replica that lags", true, r => Rule("query", FaultEffect.StaleRead, r.Next(1, 6)) with { DelayMs = r.Next(500, 10_000) }),
        new("token revoked for a while", true, r => Rule("github", FaultEffect.BadCredentials, r.Next(1, 7))),
        new("model fails", true, r => Rule(
            "model",
            Pick(r, FaultEffect.ServerError, FaultEffect.Unavailable, FaultEffect.BadGateway, FaultEffect.HtmlPage, FaultEffect.Reset),
            r.Next(1, 6))),
        new("model's limit", false, r => Limit("model", FaultEffect.TooManyRequests, r.Next(1, 6), r.Next(1, 61))),
        new("delivery lost", true, r => Rule("webhook", FaultEffect.Reset, r.Next(1, 4))),
        new("delivery duplicated", true, r => Rule("webhook", FaultEffect.Duplicate, r.Next(1, 6))),
        new("delivery out of order", true, r => Rule("webhook", FaultEffect.Reorder, r.Next(1, 4)) with { DelayMs = 100 }),
        new("delivery late", true, r => Rule("webhook", FaultEffect.Slow, r.Next(1, 4)) with { DelayMs = r.Next(50, 300) }),
    ];

    /// <summary>The model cannot or will not answer one text. Until that ends, nothing can make its issue succeed.</summary>
    public static FaultKind UnanswerableText { get; } = new("model's garbage for one text", true, r => Rule(
        "model",
        Pick(r, FaultEffect.ModelMalformed, FaultEffect.ModelRefusal, FaultEffect.ModelLength, FaultEffect.ModelFiltered),
        times: 0));

    private static FaultRule Rule(string match, FaultEffect effect, int times) => new() { Match = match, Effect = effect, Times = times };

    private static FaultRule Limit(string match, FaultEffect effect, int times, int? retryAfter) =>
        Rule(match, effect, times) with { RetryAfter = retryAfter };

    private static T Pick<T>(Random random, params T[] from) => from[random.Next(from.Length)];
}
