using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Benchmarks.Backlog;

/// <summary>
/// A backlog of issues of four repositories, all started at once as a batch, on one credential with GitHub's real limits and simulated
/// time. While the hour's limit is used up, an urgent issue and one by webhook come.
/// </summary>
/// <remarks>
/// An issue is a run's five requests in three activities. An activity that is told to wait does so as the orchestration would, on a timer,
/// and is then run again by any instance. The clocks of the instances differ by up to two minutes.
/// </remarks>
internal sealed class BacklogSimulation : IDisposable
{
    private const string LargeRepository = "octo-org/large";

    /// <summary>The pipeline's requests: reads the issue; short-lived label; body and assignment; final labels and comment.</summary>
    private static readonly RequestKind[][] Activities =
    [
        [RequestKind.Read],
        [RequestKind.Read, RequestKind.Write],
        [RequestKind.Write],
        [RequestKind.Write],
    ];

    private static readonly TimeSpan UrgentAt = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan WebhookAt = TimeSpan.FromMinutes(40);

    private readonly SimulatedTime _time = new();
    private readonly Random _random;
    private readonly RemotePacingStateStore _store;
    private readonly GitHubLimitsSimulation _gitHub;
    private readonly BacklogInstance[] _instances;
    private readonly int _issues;
    private readonly DateTimeOffset _start;

    public BacklogSimulation(int issues, int instances, int seed)
    {
        _issues = issues;
        _random = new Random(seed);
        _store = new RemotePacingStateStore(_time, _random);
        GitHubOptions options = new() { MaxInstances = instances };
        _gitHub = new GitHubLimitsSimulation(_time, NextLatency, isOneProcess: false, options.Limits);
        _instances =
        [
            .. Enumerable.Range(0, instances).Select(_ =>
                new BacklogInstance(options, _store, _gitHub, _time.SkewedBy(TimeSpan.FromSeconds(_random.Next(-120, 120))))),
        ];
        _start = _time.GetUtcNow();
    }

    public async Task<BacklogFigures> RunAsync()
    {
        // Seven of ten issues are of one repository.
        string[] repositories =
            [.. Enumerable.Range(0, _issues).Select(i => i % 10 < 7 ? LargeRepository : $"octo-org/small-{(i % 10) - 6}")];
        _random.Shuffle(repositories);
        IssueTimes[] backlog = [];
        IssueTimes urgent = new(string.Empty, TimeSpan.Zero, TimeSpan.Zero);
        IssueTimes webhook = urgent;
        await _time.RunAsync(async () =>
        {
            Task<IssueTimes> urgentRun = RunLaterAsync(UrgentAt, new WritePrecedence(WritePriority.Urgent, "octo-org/small-1"));
            Task<IssueTimes> webhookRun = RunLaterAsync(WebhookAt, new WritePrecedence(WritePriority.Normal, LargeRepository));
            backlog = await Task.WhenAll(repositories.Select(r => RunAsync(new WritePrecedence(WritePriority.Batch, r))));
            (urgent, webhook) = (await urgentRun, await webhookRun);
        });
        TimeSpan took = backlog.Max(i => i.End);
        return new BacklogFigures
        {
            Instances = _instances.Length,
            Issues = _issues,
            Refusals = _gitHub.Refusals.Count,
            RefusedBy = string.Join(", ", _gitHub.Refusals.GroupBy(r => r).Select(r => $"{r.Key} ({r.Count()})")),
            Hours = took.TotalHours,
            Ratio = GetRatio(took),
            Fairness = GetFairness(backlog),
            FirstIssueSeconds = backlog.Min(i => i.End).TotalSeconds,
            UrgentSeconds = urgent.Seconds,
            WebhookSeconds = webhook.Seconds,
            RequestsPerIssue = _gitHub.Count / (_issues + 2.0),
            StoreCallsPerWrite = _store.Calls / (double)_gitHub.Writes.Count,
        };
    }

    public void Dispose()
    {
        foreach (BacklogInstance instance in _instances)
        {
            instance.Dispose();
        }

        _gitHub.Dispose();
    }

    /// <summary>Returns the share of the writes that GitHub allows in the backlog's whole hours, or in its time if that is shorter.</summary>
    private double GetRatio(TimeSpan took)
    {
        GitHubLimits limits = new();
        int hours = (int)took.TotalHours;
        TimeSpan span = hours == 0 ? took : TimeSpan.FromHours(hours);
        double allowed = hours == 0
            ? Math.Min(limits.ContentPerHour, 1 + (int)took.TotalSeconds)
            : limits.ContentPerHour * hours;
        return _gitHub.Writes.Count(w => w.At - _start < span) / allowed;
    }

    /// <summary>Returns Jain's index of the repositories' writes until one of them has no work left: 1 when all got the same.</summary>
    private double GetFairness(IssueTimes[] backlog)
    {
        TimeSpan until = backlog.GroupBy(i => i.Repository).Min(repository => repository.Max(i => i.End));
        double[] writes =
        [
            .. backlog.Select(i => i.Repository).Distinct().Select(repository => (double)_gitHub.Writes.Count(w =>
                w.At - _start <= until && w.Order.Priority == WritePriority.Batch && w.Order.Repository == repository)),
        ];
        return Math.Pow(writes.Sum(), 2) / (writes.Length * writes.Sum(w => w * w));
    }

    private async Task<IssueTimes> RunLaterAsync(TimeSpan delay, WritePrecedence order)
    {
        await Task.Delay(delay, _time);
        return await RunAsync(order);
    }

    private async Task<IssueTimes> RunAsync(WritePrecedence order)
    {
        DateTimeOffset began = _time.GetUtcNow();
        for (int i = 0; i < Activities.Length; i++)
        {
            await RunActivityAsync(order, begins: i == 1, Activities[i]);
        }

        return new IssueTimes(order.Repository, began - _start, _time.GetUtcNow() - _start);
    }

    /// <summary>Runs an activity until it is done, and waits between its attempts as orchestrations do.</summary>
    private async Task RunActivityAsync(WritePrecedence order, bool begins, RequestKind[] requests)
    {
        for (int waits = 0; await _instances[_random.Next(_instances.Length)].RunAsync(order, begins, requests) is { } wait; waits++)
        {
            TimeSpan least = TimeSpan.FromSeconds(Math.Min(waits, 60));
            TimeSpan jitter = TimeSpan.FromMilliseconds(_random.Next(256) * 4);
            await Task.Delay((wait > least ? wait : least) + jitter, _time);
        }
    }

    /// <summary>Mostly 100 to 500 ms, and now and then three seconds.</summary>
    private TimeSpan NextLatency() =>
        _random.Next(100) == 0 ? TimeSpan.FromSeconds(3) : TimeSpan.FromMilliseconds(_random.Next(100, 500));

    /// <param name="Begin">Since the backlog's start.</param>
    private sealed record IssueTimes(string Repository, TimeSpan Begin, TimeSpan End)
    {
        public double Seconds => (End - Begin).TotalSeconds;
    }
}

/// <summary>Figures of one backlog.</summary>
internal sealed record BacklogFigures
{
    public required int Instances { get; init; }

    public required int Issues { get; init; }

    /// <summary>Requests that GitHub refused because of a limit.</summary>
    public required int Refusals { get; init; }

    /// <summary>The limits that were exceeded, with how often; empty for none.</summary>
    public required string RefusedBy { get; init; }

    /// <summary>How long the backlog took.</summary>
    public required double Hours { get; init; }

    /// <summary>Writes made, divided by those that GitHub's limits allow.</summary>
    public required double Ratio { get; init; }

    /// <summary>Jain's index of the repositories' writes: 1 when all got the same.</summary>
    public required double Fairness { get; init; }

    /// <summary>From the start of the backlog to its first finished issue.</summary>
    public required double FirstIssueSeconds { get; init; }

    /// <summary>How long an urgent issue took that came when the hour's limit was used up.</summary>
    public required double UrgentSeconds { get; init; }

    /// <summary>How long an issue took that a webhook brought then.</summary>
    public required double WebhookSeconds { get; init; }

    /// <summary>Requests to GitHub; five are the run's own, the others come from attempts that had to wait.</summary>
    public required double RequestsPerIssue { get; init; }

    public required double StoreCallsPerWrite { get; init; }
}
