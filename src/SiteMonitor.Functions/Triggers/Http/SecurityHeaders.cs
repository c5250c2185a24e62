using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>
/// Worker middleware that adds security headers to every response: no scripts, no framing, no MIME sniffing, no caching.
/// A function that needs something else sets its own header.
/// </summary>
public sealed class SecurityHeaders : IFunctionsWorkerMiddleware
{
    private static readonly KeyValuePair<string, string>[] Defaults =
    [
        new("X-Content-Type-Options", "nosniff"),
        new("X-Frame-Options", "DENY"),
        new("Referrer-Policy", "no-referrer"),
        new("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        new("Cross-Origin-Resource-Policy", "same-origin"),
        new("Cache-Control", "no-store"),
    ];

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            AddTo(http.Response.Headers);
        }

        return next(context);
    }

    /// <summary>Adds each header that is not set.</summary>
    public static void AddTo(IHeaderDictionary headers)
    {
        foreach ((string name, string value) in Defaults)
        {
            headers.TryAdd(name, value);
        }
    }
}
