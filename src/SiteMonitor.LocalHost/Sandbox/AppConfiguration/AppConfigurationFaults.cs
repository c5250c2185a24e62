using System.Net;

namespace SiteMonitor.LocalHost.Sandbox.AppConfiguration;

/// <summary>What goes wrong on purpose: the next requests fail, in the order in which the faults were set.</summary>
internal sealed class AppConfigurationFaults
{
    private readonly Lock _lock = new();
    private readonly Queue<(HttpStatusCode Status, TimeSpan? RetryAfter)> _next = new();

    /// <summary>The next requests are answered 429 with the header <c>retry-after-ms</c>.</summary>
    public void Throttle(int requests, TimeSpan retryAfter) => Add(requests, HttpStatusCode.TooManyRequests, retryAfter);

    /// <summary>The next requests are answered with this status and no body.</summary>
    public void Fail(int requests, HttpStatusCode status) => Add(requests, status, null);

    public (HttpStatusCode Status, TimeSpan? RetryAfter)? Take()
    {
        lock (_lock)
        {
            return _next.TryDequeue(out (HttpStatusCode Status, TimeSpan? RetryAfter) fault) ? fault : null;
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
