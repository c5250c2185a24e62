using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SiteMonitor.LocalHost.Sandbox.AppConfiguration;

/// <summary>The headers <c>If-Match</c> and <c>If-None-Match</c> of a request.</summary>
internal sealed record Preconditions(IReadOnlyList<EntityTagHeaderValue> IfMatch, IReadOnlyList<EntityTagHeaderValue> IfNoneMatch)
{
    public static Preconditions None { get; } = new([], []);

    /// <returns>Null when a header is malformed, an ETag without quotes for instance.</returns>
    public static Preconditions? Of(HttpRequest request) =>
        Parse(request.Headers.IfMatch) is { } match && Parse(request.Headers.IfNoneMatch) is { } noneMatch ? new Preconditions(match, noneMatch) : null;

    /// <param name="etag">Without quotes; null: nothing is there.</param>
    public bool HoldFor(string? etag) => MatchHoldsFor(etag) && !NoneMatchNames(etag);

    public bool MatchHoldsFor(string? etag) => IfMatch.Count == 0 || Names(IfMatch, etag);

    public bool NoneMatchNames(string? etag) => Names(IfNoneMatch, etag);

    private static bool Names(IReadOnlyList<EntityTagHeaderValue> tags, string? etag) =>
        etag is not null && tags.Any(t => t.Tag == "*" || t.Tag == $"\"{etag}\"");

    private static IReadOnlyList<EntityTagHeaderValue>? Parse(StringValues header) =>
        header.Count == 0 ? [] : EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out IList<EntityTagHeaderValue>? tags) ? [.. tags] : null;
}
