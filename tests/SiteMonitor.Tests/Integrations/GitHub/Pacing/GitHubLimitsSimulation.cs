using System.Collections.Concurrent;
using System.Net;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

/// <summary>Stands where the network would be: counts every request into GitHub's published limits, on a simulated clock, and refuses what is over.</summary>
internal sealed class GitHubLimitsSimulation(TimeProvider time, TimeSpan latency) : HttpMessageHandler
{
    private readonly ConcurrentQueue<(DateTimeOffset At, RequestKind Kind)> _requests = new();
    private int _underWay;
    private int _writesUnderWay;

    public ConcurrentQueue<string> Refusals { get; } = new();

    public int Count => _requests.Count;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestKind kind = RequestTag.Current.Kind;
        bool write = kind == RequestKind.Write;
        DateTimeOffset now = time.GetUtcNow();
        (DateTimeOffset At, RequestKind Kind)[] past = [.. _requests];
        int Writes(TimeSpan window) => past.Count(r => r.Kind == RequestKind.Write && now - r.At < window);
        int all = past.Count(r => now - r.At < TimeSpan.FromHours(1));
        int points = past.Where(r => now - r.At < TimeSpan.FromMinutes(1)).Sum(r => r.Kind == RequestKind.Write ? 5 : 1);
        string? refusal =
            Interlocked.Increment(ref _underWay) > 100 ? "concurrency"
            : write && Interlocked.Increment(ref _writesUnderWay) > 1 ? "writes at once"
            : write && past.Any(r => r.Kind == RequestKind.Write && now - r.At < TimeSpan.FromSeconds(1)) ? "writes too close"
            : write && Writes(TimeSpan.FromMinutes(1)) >= 80 ? "content per minute"
            : write && Writes(TimeSpan.FromHours(1)) >= 500 ? "content per hour"
            : points + (write ? 5 : 1) > 900 ? "points"
            : all >= 5000 ? "requests"
            : null;
        _requests.Enqueue((now, kind));
        if (refusal is not null)
        {
            Refusals.Enqueue(refusal);
        }

        await Task.Delay(latency, time, cancellationToken);
        Interlocked.Decrement(ref _underWay);
        if (write)
        {
            Interlocked.Decrement(ref _writesUnderWay);
        }

        return new HttpResponseMessage(refusal is null ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
    }
}
