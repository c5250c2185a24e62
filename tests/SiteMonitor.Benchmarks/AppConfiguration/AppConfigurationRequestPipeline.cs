using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SiteMonitor.Benchmarks.AppConfiguration;

/// <summary>Performs the checks that all routes share: signature, quota, version, headers, key.</summary>
internal sealed class AppConfigurationRequestPipeline(HmacAuthentication authentication, AppConfigurationFaults faults, KeyValueStore store)
{
    private static readonly string[] Versions = ["1.0", "2023-10-01", "2023-11-01", "2024-09-01"];

    /// <summary>Answers the request itself or passes it on.</summary>
    /// <param name="route">The path before the key, such as <c>/kv</c>.</param>
    public async Task Handle(HttpContext http, string route, Func<AppConfigurationRequest, Task> next)
    {
        HttpResponse response = http.Response;
        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        byte[] body = await ReadBody(http);
        if (authentication.Challenge(http.Request, target, body) is { } challenge)
        {
            response.Headers.WWWAuthenticate = challenge;
            await AppConfigurationResponses.Status(response, HttpStatusCode.Unauthorized);
            return;
        }

        if (faults.Take() is { } fault)
        {
            await (
                fault.RetryAfter is { } after
                    ? AppConfigurationResponses.Throttled(response, after)
                    : AppConfigurationResponses.Status(response, fault.Status));
            return;
        }

        if (Wrong(http.Request, KeyOf(http.Request.PathBase + route, target), out AppConfigurationRequest? request, body) is { } wrong)
        {
            await AppConfigurationResponses.Invalid(response, wrong.Name, wrong.Detail);
            return;
        }

        response.OnStarting(() =>
        {
            response.Headers[SyncToken.Header] = SyncToken.Of(store.Sequence);
            return Task.CompletedTask;
        });
        await next(request!);
    }

    private static (string Name, string Detail)? Wrong(
        HttpRequest request, string key, out AppConfigurationRequest? checkedRequest, byte[] body)
    {
        string? version = request.Query["api-version"], label = request.Query["label"];
        string[] fields = [.. (
            request.Query["$Select"].ToString() is { Length: > 0 } select ? select.Split(',') : ["*"]).SelectMany(f =>
                f == "*" ? KeyValueJson.Fields : [f])];
        Preconditions? conditions = Preconditions.Of(request);
        bool token = SyncToken.TryRead(request, out long? known);
        checkedRequest = conditions is null ? null
            : new AppConfigurationRequest(
                request.HttpContext, key, label is null or "\0" or "" ? null : label, body, conditions, known, fields);
        return version is null ? ("api-version", "An API version is required, but was not specified.")
            : !Versions.Contains(version) ? ("api-version", $"API version '{version}' is not supported.")
            : !token ? (SyncToken.Header, "It must have the form id=value, with a value that the store has issued.")
            : conditions is null ? ("If-Match", "An ETag stands in double quotes.")
            : key is "." or ".." || key.Contains('%', StringComparison.Ordinal) ? ("key", "A key is not '.' or '..' and has no '%'.")
            : fields.FirstOrDefault(f => !KeyValueJson.Fields.Contains(f)) is { } unknown ? ("$Select", $"There is no field '{unknown}'.")
            : null;
    }

    // Taken from the request line as it was sent: %2F and / are the same here, but not to routing.
    private static string KeyOf(string route, string target) =>
        Uri.UnescapeDataString(target.Split('?')[0][Math.Min(route.Length, target.Split('?')[0].Length)..].TrimStart('/'));

    private static async Task<byte[]> ReadBody(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }
}

/// <summary>A request that passed the shared checks.</summary>
/// <param name="Key">Decoded; empty for a list.</param>
/// <param name="Label">Null for none.</param>
/// <param name="KnownSequence">From the <c>Sync-Token</c>; null if there was none.</param>
internal sealed record AppConfigurationRequest(
    HttpContext Http, string Key, string? Label,
    ReadOnlyMemory<byte> Body, Preconditions Conditions, long? KnownSequence, IReadOnlyCollection<string> Fields)
{
    public HttpResponse Response => Http.Response;

    public Task Answer(HttpStatusCode status) => AppConfigurationResponses.Status(Response, status);
}

/// <summary>The headers <c>If-Match</c> and <c>If-None-Match</c> of a request.</summary>
internal sealed record Preconditions(IReadOnlyList<EntityTagHeaderValue> IfMatch, IReadOnlyList<EntityTagHeaderValue> IfNoneMatch)
{
    public static Preconditions None { get; } = new([], []);

    /// <returns>Null if a header is malformed, for instance an ETag without quotes.</returns>
    public static Preconditions? Of(HttpRequest request) =>
        Parse(request.Headers.IfMatch) is { } match && Parse(request.Headers.IfNoneMatch) is { } noneMatch
            ? new Preconditions(match, noneMatch)
            : null;

    /// <param name="etag">Without quotes; null if nothing is stored.</param>
    public bool HoldFor(string? etag) => MatchHoldsFor(etag) && !NoneMatchNames(etag);

    public bool MatchHoldsFor(string? etag) => IfMatch.Count == 0 || Names(IfMatch, etag);

    public bool NoneMatchNames(string? etag) => Names(IfNoneMatch, etag);

    private static bool Names(IReadOnlyList<EntityTagHeaderValue> tags, string? etag) =>
        etag is not null && tags.Any(t => t.Tag == "*" || t.Tag == $"\"{etag}\"");

    private static IReadOnlyList<EntityTagHeaderValue>? Parse(StringValues header) =>
        header.Count == 0
            ? []
            : EntityTagHeaderValue.TryParseStrictList(
                [.. header.OfType<string>()], out IList<EntityTagHeaderValue>? tags) ? [.. tags] : null;
}
