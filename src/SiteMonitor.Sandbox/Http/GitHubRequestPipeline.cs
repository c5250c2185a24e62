using System.Globalization;
using System.Security.Cryptography;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Limits;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Http;

/// <summary>Processes requests to the simulated GitHub: authentication, faults, limits, latency, endpoint, headers.</summary>
internal sealed class GitHubRequestPipeline(
    GitHubTokens signIn, RateLimits limits, FaultInjector faults, RequestHooks hooks, RequestCounters counters, SandboxLatency latency)
{
    private const int MaxRequestBody = 4 * 1024 * 1024;
    private static readonly TimeSpan DefaultReplicaLag = TimeSpan.FromSeconds(10);
    private const string NoUserAgent =
        "Request forbidden by administrative rules. Please make sure your request has a User-Agent header "
        + "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required).";

    public async Task HandleAsync(HttpContext http, ApiRoute route)
    {
        long number = counters.NextRequest();
        counters.Update(s => s with { GitHubRequests = s.GitHubRequests + 1 });
        http.Response.Headers["x-github-request-id"] = $"SBX:{number.ToString("x8", CultureInfo.InvariantCulture)}";
        byte[] body = await ReadBodyAsync(http.Request, http.RequestAborted);
        if (http.Request.Headers.UserAgent.Count == 0)
        {
            await SendAsync(http, SimulatedResponse.Text(403, "text/html", NoUserAgent), null, RequestKind.Read);
            return;
        }

        if (route.IsAppSignIn)
        {
            await SendAsync(http, route.SignIn!(http, body), null, RequestKind.Write);
            return;
        }

        string? token = GitHubTokens.TokenOf(http.Request);
        Caller? caller = token is null ? null : signIn.Find(token);
        if (caller is null)
        {
            await SendAsync(
                http, SimulatedResponse.Error(401, token is null ? "Requires authentication" : "Bad credentials"), null, RequestKind.Read);
            return;
        }

        ApiRequest request = CreateRequest(http, body, number, caller, route);
        counters.Update(s => s.CountRequest(request.Kind, caller.Account.Login));
        bool isBelowConcurrencyLimit = limits.Enter();
        try
        {
            await ProcessAsync(request, route, isBelowConcurrencyLimit);
        }
        finally
        {
            limits.Leave();
        }
    }

    /// <summary>Answers paths that GitHub does not have or the sandbox does not simulate.</summary>
    public Task NotFoundAsync(HttpContext http)
    {
        counters.Update(s => s with { GitHubRequests = s.GitHubRequests + 1 });
        return SendAsync(http, SimulatedResponse.Error(404, "Not Found"), null, RequestKind.Read);
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using MemoryStream buffer = new();
        byte[] chunk = new byte[16384];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0 && buffer.Length < MaxRequestBody)
        {
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private static ApiRequest CreateRequest(HttpContext http, byte[] body, long number, Caller caller, ApiRoute route)
    {
        string callerTag = $"by:{caller.Account.Login}";
        if (route.IsGraph)
        {
            GraphRequest? graph = GraphRequest.Parse(body);
            bool mutates = graph is { IsMutation: true };
            return new ApiRequest(http, body, number, caller)
            {
                Kind = mutates ? RequestKind.Mutation : RequestKind.Query,
                Graph = graph,
                Tags = RequestMatch.Tags(
                    ["github", "graphql", mutates ? "mutation" : "query", callerTag, .. graph?.Fields ?? [], .. IssueTags(graph)]),
            };
        }

        bool reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        return new ApiRequest(http, body, number, caller)
        {
            Kind = reads ? RequestKind.Read : RequestKind.Write,
            Tags = RequestMatch.Tags(
                ["github", "rest", reads ? "read" : "write", route.Resource, callerTag, $"#{http.Request.RouteValues["number"]}"]),
        };
    }

    /// <summary>Returns the tag of the issue that a GraphQL request names by its number.</summary>
    private static IEnumerable<string> IssueTags(GraphRequest? graph) =>
        graph?.Variables.GetValueOrDefault("number") is int number ? [$"#{number}"] : [];

    /// <summary>Runs the hooks on <c>within:field</c>; resolvers are synchronous, and a hook only changes the simulated state.</summary>
    private void RunBeforeField(string field, CancellationToken cancellationToken) =>
        hooks.RunBeforeAsync(RequestMatch.Tags($"within:{field}"), cancellationToken).GetAwaiter().GetResult();

    private async Task ProcessAsync(ApiRequest request, ApiRoute route, bool isBelowConcurrencyLimit)
    {
        await hooks.RunBeforeAsync(request.Tags, request.Http.RequestAborted);
        FaultRule? fault = faults.Next(request.Tags);
        if (fault is not null)
        {
            counters.Update(s => s with { FaultsInjected = s.FaultsInjected + 1 });
        }

        if (fault is { AfterWork: false } && !IsProcessed(request, fault.Effect))
        {
            await ApplyFaultAsync(request, fault);
            return;
        }

        if (Limit(request, isBelowConcurrencyLimit) is { } refused)
        {
            counters.Update(s => s with { RateLimited = s.RateLimited + 1 });
            await SendAsync(request.Http, refused, request, request.Kind);
            return;
        }

        TimeSpan wait = latency.GitHub + (fault?.Effect == FaultEffect.Slow ? TimeSpan.FromMilliseconds(fault.DelayMs) : TimeSpan.Zero);
        await Task.Delay(wait, TimeProvider.System, request.Http.RequestAborted);
        request = request with { BeforeField = field => RunBeforeField(field, request.Http.RequestAborted) };
        if (fault?.Effect is FaultEffect.FieldError or FaultEffect.FieldForbidden or FaultEffect.FieldUnprocessable)
        {
            request = request with
            {
                FailingFields = RequestMatch.Words(fault.Match).ToHashSet(StringComparer.OrdinalIgnoreCase),
                FieldErrorType = fault.Effect switch
                {
                    FaultEffect.FieldForbidden => "FORBIDDEN",
                    FaultEffect.FieldUnprocessable => "UNPROCESSABLE",
                    _ => request.FieldErrorType,
                },
            };
        }

        SimulatedResponse reply = await RunAsync(request, route, fault);
        await hooks.RunAfterAsync(request.Tags, request.Http.RequestAborted);
        if (fault is { AfterWork: true })
        {
            await ApplyFaultAsync(request, fault);
            return;
        }

        if (fault is { Effect: FaultEffect.HalfBody })
        {
            await SendHalfAsync(request.Http, reply);
            return;
        }

        reply = fault is { Effect: FaultEffect.WrongContentType } ? reply with { ContentType = "text/html; charset=utf-8" } : reply;
        await SendAsync(request.Http, reply, request, request.Kind);
    }

    /// <summary>Whether a request with this fault is processed, and what it does or is answered differs.</summary>
    private static bool IsProcessed(ApiRequest request, FaultEffect effect) => effect switch
    {
        FaultEffect.FieldError or FaultEffect.FieldForbidden or FaultEffect.FieldUnprocessable => true,
        FaultEffect.Slow or FaultEffect.StaleRead or FaultEffect.HalfBody or FaultEffect.WrongContentType => true,
        FaultEffect.StaleETag => request.Http.Request.Headers.IfNoneMatch.Count == 0,
        _ => false,
    };

    private static async Task SendHalfAsync(HttpContext http, SimulatedResponse reply)
    {
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = reply.ContentType;
        http.Response.ContentLength = reply.Body.Length + 1;
        await http.Response.Body.WriteAsync(reply.Body.AsMemory(0, reply.Body.Length / 2), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        http.Abort();
    }

    private SimulatedResponse? Limit(ApiRequest request, bool isBelowConcurrencyLimit)
    {
        DateTimeOffset now = limits.Now;
        if (!isBelowConcurrencyLimit)
        {
            return RateLimitResponses.Secondary(403, TimeSpan.FromSeconds(1));
        }

        LimitDecision decision = limits.Of(request.Caller.Token).Take(request.Kind, now);
        return decision switch
        {
            { ExceededLimit: null } => null,
            { IsPrimary: true } => RateLimitResponses.Primary(request.IsGraph, request.Caller.Account.Id),
            _ => RateLimitResponses.Secondary(403, decision.ResetAt - now),
        };
    }

    private static async Task<SimulatedResponse> RunAsync(ApiRequest request, ApiRoute route, FaultRule? fault)
    {
        if (request.IsRead && fault is { Effect: FaultEffect.StaleRead })
        {
            SandboxState.ReplicaLag = fault.DelayMs > 0 ? TimeSpan.FromMilliseconds(fault.DelayMs) : DefaultReplicaLag;
        }

        try
        {
            return await route.Handler!(request);
        }
        catch (GitHubErrorException refusal)
        {
            return SimulatedResponse.Rest(refusal);
        }
    }

    private async Task ApplyFaultAsync(ApiRequest request, FaultRule fault)
    {
        if (fault.Effect is FaultEffect.Timeout)
        {
            TimeSpan longest = fault.DelayMs > 0 ? TimeSpan.FromMilliseconds(fault.DelayMs) : TimeSpan.FromMinutes(2);
            await Task.Delay(longest, TimeProvider.System, request.Http.RequestAborted);
        }

        if (fault.Effect is FaultEffect.Timeout or FaultEffect.Reset)
        {
            request.Http.Abort();
            return;
        }

        await SendAsync(request.Http, FaultResponses.Of(fault, request, limits.Now), request, request.Kind);
    }

    private async Task SendAsync(HttpContext http, SimulatedResponse reply, ApiRequest? request, RequestKind kind)
    {
        HttpResponse response = http.Response;
        if (reply is { Status: 200 } && request is not null && kind == RequestKind.Read)
        {
            string etag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(reply.Body))}\"";
            response.Headers.ETag = etag;
            response.Headers.CacheControl = "private, max-age=60, s-maxage=60";
            if (http.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Contains(etag))
            {
                limits.Of(request.Caller.Token).Refund(kind);
                counters.Update(s => s with { NotModified = s.NotModified + 1 });
                reply = SimulatedResponse.Empty(304);
            }
        }

        if (reply.Status >= 400 || reply.HasGraphErrors)
        {
            string refusal = reply.Status >= 400 ? reply.Status.ToString(CultureInfo.InvariantCulture) : "graphql";
            counters.Update(s => s with { Refusals = SandboxStats.Increment(s.Refusals, refusal) });
        }

        if (request is not null)
        {
            AddLimitHeaders(response, request);
        }

        foreach ((string name, string value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        response.StatusCode = reply.Status;
        if (reply.Body.Length > 0)
        {
            response.ContentType = reply.ContentType;
            response.ContentLength = reply.Body.Length;
            await response.Body.WriteAsync(reply.Body, http.RequestAborted);
        }
    }

    private void AddLimitHeaders(HttpResponse response, ApiRequest request)
    {
        (int limit, int remaining, int used, DateTimeOffset reset) = limits.Of(request.Caller.Token).Primary(request.IsGraph, limits.Now);
        response.Headers["x-github-media-type"] = "github.v3; format=json";
        response.Headers["x-ratelimit-limit"] = limit.ToString(CultureInfo.InvariantCulture);
        response.Headers["x-ratelimit-remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        response.Headers["x-ratelimit-used"] = used.ToString(CultureInfo.InvariantCulture);
        response.Headers["x-ratelimit-reset"] = RateLimitResponses.Epoch(reset);
        response.Headers["x-ratelimit-resource"] = request.IsGraph ? "graphql" : "core";
    }
}
