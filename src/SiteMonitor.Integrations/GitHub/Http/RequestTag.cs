using System.Diagnostics;
using System.Globalization;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>
/// Says how requests of a call count: the first as the call's kind, retries and redirects as extra. It flows with the async context,
/// because Octokit's connection passes only address and body.
/// </summary>
internal sealed class RequestTag(RequestKind kind, bool extra = false)
{
    private static readonly AsyncLocal<RequestTag?> Ambient = new();
    private int _sent;

    public RequestKind Kind { get; } = kind;

    /// <summary>Whether the whole call counts as extra: a fallback, a created label, a second read.</summary>
    public bool IsExtra { get; } = extra;

    /// <summary>Whether the call begins work that other writes will follow: it lets the writes of work that has begun go first.</summary>
    public bool StartsWork { get; init; }

    /// <summary>Headers added to each request of the call.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <exception cref="InvalidOperationException">A request without a tag would be counted nowhere.</exception>
    public static RequestTag Current => Ambient.Value ?? throw new InvalidOperationException("A request to GitHub was sent without a tag.");

    /// <summary>Cancels the call's requests, because most of Octokit's methods take no token.</summary>
    public CancellationToken Cancellation { get; private set; }

    /// <summary>What the call does, for traces: <c>reading octo-org/site#7</c>.</summary>
    public string Operation { get; private set; } = string.Empty;

    public async Task<T> RunAsync<T>(string operation, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        (Operation, Cancellation) = (operation, cancellationToken);
        // An async method's changes to the ambient value end with it.
        Ambient.Value = this;
        return await call();
    }

    /// <summary>Whether a request of the call was sent.</summary>
    public bool HasSent => Volatile.Read(ref _sent) > 0;

    /// <summary>Whether the request about to be sent is the call's first.</summary>
    public bool RegisterRequest() => Interlocked.Increment(ref _sent) == 1;
}

/// <summary>Counts and traces each HTTP request when it is sent, and adds the headers of the call's tag.</summary>
internal sealed class MeteringHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestTag tag = RequestTag.Current;
        foreach ((string name, string value) in tag.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        (string kind, Usage usage) = Count(tag);
        CallMeter.Add(usage);
        using Activity? span = StartSpan(kind, tag, request);
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            span?.SetTag("http.response.status_code", (int)response.StatusCode);
            if ((int)response.StatusCode >= 400)
            {
                span?.SetTag("error.type", ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture))
                    .SetStatus(ActivityStatusCode.Error);
            }

            return response;
        }
        catch (Exception failure)
        {
            span?.SetTag("error.type", failure is PipelineException known ? known.Code : failure.GetType().Name)
                .SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    private static (string Kind, Usage Usage) Count(RequestTag tag) => (tag.RegisterRequest() && !tag.IsExtra, tag.Kind) switch
    {
        (true, RequestKind.Read) => ("read", new Usage { GitHubReads = 1 }),
        (true, RequestKind.Write) => ("write", new Usage { GitHubWrites = 1 }),
        _ => ("extra", new Usage { GitHubExtra = 1 }),
    };

    private static Activity? StartSpan(string kind, RequestTag tag, HttpRequestMessage request) =>
        Tracing.Source.StartActivity($"github {kind}", ActivityKind.Client)?
            .SetTag("http.request.method", request.Method.Method)
            .SetTag("server.address", request.RequestUri?.Host)
            .SetTag("sitemonitor.github.operation", tag.Operation);
}
