using System.Net;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Benchmarks.Backlog;

/// <summary>
/// Stands where the network would be: counts each request into GitHub's limits for one credential when it arrives, and refuses what is
/// over. Its windows slide, so that no other way to place them finds more.
/// </summary>
/// <param name="latency">From a request's begin to its response; it arrives in the middle.</param>
/// <param name="isOneProcess">Whether writes must also come one at a time and a second apart.</param>
internal sealed class GitHubLimitsSimulation(
    TimeProvider time, Func<TimeSpan> latency, bool isOneProcess, GitHubLimits limits) : HttpMessageHandler
{
    private const int MaxConcurrent = 100;

    /// <summary>Timers are a millisecond or two late.</summary>
    private static readonly TimeSpan AboutASecond = TimeSpan.FromMilliseconds(990);

    private readonly Window _requests = new(TimeSpan.FromHours(1) / limits.TimeScale);
    private readonly Window _points = new(TimeSpan.FromMinutes(1) / limits.TimeScale);
    private readonly Window _contentMinute = new(TimeSpan.FromMinutes(1) / limits.TimeScale);
    private readonly Window _contentHour = new(TimeSpan.FromHours(1) / limits.TimeScale);
    private readonly List<SimulatedWrite> _writes = [];
    private readonly Lock _lock = new();
    private int _underWay;
    private int _writesUnderWay;

    /// <summary>Names of the limits that were exceeded, one for each refused request.</summary>
    public List<string> Refusals { get; } = [];

    public int Count { get; private set; }

    /// <summary>Answers the next requests with these, whatever the limits say.</summary>
    public Queue<HttpResponseMessage> Scripted { get; } = new();

    public IReadOnlyList<SimulatedWrite> Writes => _writes;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        bool write = RequestTag.Current.Kind == RequestKind.Write;
        TimeSpan takes = latency();
        await Task.Delay(takes / 2, time, cancellationToken);
        HttpResponseMessage response = Arrive(write);
        await Task.Delay(takes / 2, time, cancellationToken);
        lock (_lock)
        {
            _underWay--;
            _writesUnderWay -= write ? 1 : 0;
        }

        return response;
    }

    private HttpResponseMessage Arrive(bool write)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            int cost = write ? 5 : 1;
            _writesUnderWay += write ? 1 : 0;
            string? refusal =
                ++_underWay > MaxConcurrent ? "concurrency"
                : write && isOneProcess && _writesUnderWay > 1 ? "writes at once"
                : write && isOneProcess && _writes.Count > 0 && now - _writes[^1].At < AboutASecond ? "writes too close"
                : write && _contentMinute.Used(now) >= limits.ContentPerMinute ? "content per minute"
                : write && _contentHour.Used(now) >= limits.ContentPerHour ? "content per hour"
                : _points.Used(now) + cost > limits.PointsPerMinute ? "points"
                : _requests.Used(now) >= limits.RequestsPerHour ? "requests"
                : null;
            Count++;
            _requests.Add(1, now);
            _points.Add(cost, now);
            if (write)
            {
                _contentMinute.Add(1, now);
                _contentHour.Add(1, now);
                _writes.Add(new SimulatedWrite(now, WritePrecedence.Current));
            }

            if (refusal is not null)
            {
                Refusals.Add(refusal);
            }

            return Scripted.TryDequeue(out HttpResponseMessage? scripted) ? scripted
                : new HttpResponseMessage(refusal is null ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
        }
    }

    private sealed class Window(TimeSpan length)
    {
        private readonly Queue<(DateTimeOffset At, int Cost)> _uses = new();
        private int _used;

        public int Used(DateTimeOffset now)
        {
            while (_uses.TryPeek(out (DateTimeOffset At, int Cost) oldest) && now - oldest.At >= length)
            {
                _used -= _uses.Dequeue().Cost;
            }

            return _used;
        }

        public void Add(int cost, DateTimeOffset now)
        {
            _uses.Enqueue((now, cost));
            _used += cost;
        }
    }
}

/// <summary>A write that arrived.</summary>
internal sealed record SimulatedWrite(DateTimeOffset At, WritePrecedence Order);
