using System.Net;
using System.Net.Mime;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace SiteMonitor.Benchmarks.AppConfiguration;

/// <summary>
/// Simulates a store of Azure App Configuration over its REST API, in memory: key-values with ETags, labels, locks, paged lists, signatures
/// and quotas. Map it on any web application and give its clients <see cref="ConnectionString"/>.
/// </summary>
/// <param name="time">Time stamped on changes.</param>
/// <param name="clock">Time for signatures: the system clock, except in tests.</param>
internal sealed class AppConfigurationSimulator(TimeProvider time, TimeProvider clock)
{
    private const string Id = "sandbox";
    private const int MaxBodyLength = 10 * 1024;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    public KeyValueStore Store { get; } = new(time);

    public AppConfigurationFaults Faults { get; } = new();

    /// <param name="endpoint">Address of the web application on which the simulator is mapped.</param>
    public string ConnectionString(Uri endpoint) =>
        $"Endpoint={endpoint.GetLeftPart(UriPartial.Authority)};Id={Id};Secret={Convert.ToBase64String(_secret)}";

    public void Map(IEndpointRouteBuilder routes)
    {
        AppConfigurationRequestPipeline gate = new(new HmacAuthentication(Id, _secret, clock), Faults, Store);
        routes.MapGet("/kv", (HttpContext http) => gate.Handle(http, "/kv", List));
        routes.MapGet("/kv/{**key}", (HttpContext http) => gate.Handle(http, "/kv", Get));
        routes.MapPut("/kv/{**key}", (HttpContext http) => gate.Handle(http, "/kv", Put));
        routes.MapDelete(
            "/kv/{**key}", (HttpContext http) => gate.Handle(http, "/kv", r => Changed(r, Store.Delete(r.Key, r.Label, r.Conditions))));
        routes.MapPut(
            "/locks/{**key}", (HttpContext http) =>
                gate.Handle(http, "/locks", r => Changed(r, Store.Lock(r.Key, r.Label, true, r.Conditions))));
        routes.MapDelete(
            "/locks/{**key}", (HttpContext http) =>
                gate.Handle(http, "/locks", r => Changed(r, Store.Lock(r.Key, r.Label, false, r.Conditions))));
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
        && (type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/vnd.microsoft.appconfig.kv+json", StringComparison.OrdinalIgnoreCase));

    private static Task Changed(AppConfigurationRequest request, KeyValueResult result) => result switch
    {
        { Status: HttpStatusCode.OK, KeyValue: { } keyValue } => AppConfigurationResponses.KeyValue(request, keyValue),
        { Status: HttpStatusCode.Conflict } => AppConfigurationResponses.Locked(request.Response, request.Key),
        _ => request.Answer(result.Status),
    };

    private Task List(AppConfigurationRequest request) =>
        KeyValueList.Page(Store.Read(request.KnownSequence).Values, request.Http.Request, out string wrong) is { } page
            ? AppConfigurationResponses.List(request, page)
            : AppConfigurationResponses.Invalid(request.Response, wrong, "The expression is not allowed.");

    private Task Get(AppConfigurationRequest request) =>
        Store.Read(request.KnownSequence).GetValueOrDefault((request.Key, request.Label)) switch
        {
            null => request.Answer(HttpStatusCode.NotFound),
            var found when request.Conditions.NoneMatchNames(found.ETag) => request.Answer(HttpStatusCode.NotModified),
            var found when !request.Conditions.MatchHoldsFor(found.ETag) => request.Answer(HttpStatusCode.PreconditionFailed),
            var found => AppConfigurationResponses.KeyValue(request, found),
        };

    private Task Put(AppConfigurationRequest request) =>
        !IsJson(request.Http.Request.ContentType) ? request.Answer(HttpStatusCode.UnsupportedMediaType)
        : request.Body.Length > MaxBodyLength ? AppConfigurationResponses.Invalid(
            request.Response, "body", "A key-value has at most 10 KB.")
        : KeyValueJson.Read(request.Body) is not { } content ? AppConfigurationResponses.Invalid(
            request.Response, "body", "It is not the JSON of a key-value.")
        : Changed(request, Store.Put(request.Key, request.Label, content, request.Conditions));
}

/// <summary>Makes the next requests fail, in the order in which the faults were set.</summary>
internal sealed class AppConfigurationFaults
{
    private readonly Lock _lock = new();
    private readonly Queue<(HttpStatusCode Status, TimeSpan? RetryAfter)> _next = new();

    /// <summary>Answers the next requests with 429 and the header <c>retry-after-ms</c>.</summary>
    public void Throttle(int requests, TimeSpan retryAfter) => Add(requests, HttpStatusCode.TooManyRequests, retryAfter);

    /// <summary>Answers the next requests with this status and no body.</summary>
    public void Fail(int requests, HttpStatusCode status) => Add(requests, status, null);

    public (HttpStatusCode Status, TimeSpan? RetryAfter)? Take()
    {
        lock (_lock)
        {
            return _next.TryDequeue(out (HttpStatusCode Status, TimeSpan? RetryAfter) fault) ? fault : null;
        }
    }

    /// <summary>Lets requests pass again.</summary>
    /// <returns>How many faults were left.</returns>
    public int Clear()
    {
        lock (_lock)
        {
            int left = _next.Count;
            _next.Clear();
            return left;
        }
    }

    private void Add(int requests, HttpStatusCode status, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            for (int i = 0; i < requests; i++)
            {
                _next.Enqueue((status, retryAfter));
            }
        }
    }
}
