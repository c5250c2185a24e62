using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging.Abstractions;
using SiteMonitor.Benchmarks.Backlog;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

/// <summary>Processes that use one credential, on simulated time.</summary>
public sealed class SharedPacingTests : IDisposable
{
    private static readonly WritePrecedence Order = new(WritePriority.Normal, "octo-org/site");
    private readonly SimulatedTime _time = new();
    private readonly List<BacklogInstance> _instances = [];
    private GitHubLimitsSimulation? _gitHub;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _instances.ForEach(i => i.Dispose());
        _gitHub?.Dispose();
    }

    /// <summary>
    /// Random limits, numbers of processes, clocks, latencies up to GitHub's own time-out, arrivals, and outages of the store.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task No_Window_Ever_Has_More_Than_The_Limits(int seed)
    {
        Random random = new(seed);
        int count = random.Next(2, 5);
        GitHubOptions options = new()
        {
            MaxInstances = count,
            WriteInterval = TimeSpan.FromSeconds(random.Next(2)),
            Limits = new GitHubLimits { ContentPerMinute = random.Next(10, 81), ContentPerHour = random.Next(40, 200) },
        };
        RemotePacingStateStore store = new(_time, random);
        GitHubLimitsSimulation gitHub = Simulate(
            () => random.Next(20) == 0 ? TimeSpan.FromSeconds(9) : TimeSpan.FromMilliseconds(random.Next(50, 800)), options);
        Start(count, options, store, random);

        await _time.RunAsync(async () =>
        {
            Task outages = InterruptAsync(store, random);
            await Task.WhenAll(Enumerable.Range(0, 3 * options.Limits.ContentPerHour).Select(async _ =>
            {
                await Task.Delay(TimeSpan.FromSeconds(random.Next(3_600)), _time, Stop);
                await WriteAsync(random);
            }));
            await outages;
        });

        Assert.Empty(gitHub.Refusals);
        Assert.Equal(3 * options.Limits.ContentPerHour, gitHub.Writes.Count);
    }

    [Fact]
    public async Task A_Limit_That_One_Process_Meets_Holds_For_All()
    {
        RemotePacingStateStore store = new(_time, new Random(1));
        GitHubLimitsSimulation gitHub = Simulate(() => TimeSpan.FromMilliseconds(200), new GitHubOptions());
        Start(2, new GitHubOptions { MaxInstances = 2 }, store, new Random(1));
        HttpResponseMessage limited = new(HttpStatusCode.Forbidden);
        limited.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromMinutes(5));
        TimeSpan? atFirst = null;
        TimeSpan? write = null;
        TimeSpan? read = null;

        await _time.RunAsync(async () =>
        {
            await _instances[1].RunAsync(Order, begins: false, [RequestKind.Read]);
            gitHub.Scripted.Enqueue(limited);
            atFirst = await _instances[0].RunAsync(Order, begins: false, [RequestKind.Read]);
            await Task.Delay(TimeSpan.FromSeconds(1), _time, Stop);
            write = await _instances[1].RunAsync(Order, begins: false, [RequestKind.Write]);
            read = await _instances[1].RunAsync(Order, begins: false, [RequestKind.Read]);
        });

        Assert.Equal(TimeSpan.FromMinutes(5), atFirst);
        Assert.InRange(write!.Value.TotalSeconds, 298, 300);
        Assert.InRange(read!.Value.TotalSeconds, 298, 300);
        Assert.Equal(2, gitHub.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_The_Store_Each_Process_Uses_Its_Fraction_And_Says_So_Until_It_Is_Back(bool hangs)
    {
        RemotePacingStateStore store = new(_time, new Random(1)) { Hangs = hangs };
        GitHubLimitsSimulation gitHub = Simulate(() => TimeSpan.FromMilliseconds(200), new GitHubOptions());
        Start(1, new GitHubOptions { MaxInstances = 4 }, store, new Random(1));
        string? problem = null;
        int without = 0;

        await _time.RunAsync(async () =>
        {
            await WriteAsync(new Random(1));
            store.IsAway = true;
            await WriteForAsync(TimeSpan.FromMinutes(5));
            (without, problem) = (gitHub.Writes.Count, _instances[0].Health.Problem);
            store.IsAway = false;
            await WriteForAsync(TimeSpan.FromMinutes(3));
        });

        // One in four seconds, against one a second.
        Assert.InRange(without, 60, 79);
        Assert.Contains("1/4 (GitHub:MaxInstances)", problem, StringComparison.Ordinal);
        Assert.Null(_instances[0].Health.Problem);
        // It is back after 15 s at most, and shares 30 s later.
        Assert.True(gitHub.Writes.Count - without > 120, $"{gitHub.Writes.Count - without} writes in three minutes");
    }

    [Fact]
    public async Task A_Process_That_Starts_Without_The_Store_Assumes_That_The_Hour_Is_Used()
    {
        RemotePacingStateStore store = new(_time, new Random(1)) { IsAway = true };
        GitHubLimitsSimulation gitHub = Simulate(() => TimeSpan.FromMilliseconds(200), new GitHubOptions());
        Start(1, new GitHubOptions { MaxInstances = 4 }, store, new Random(1));

        await _time.RunAsync(() => WriteForAsync(TimeSpan.FromMinutes(5)));

        // A quarter of one in seven seconds.
        Assert.InRange(gitHub.Writes.Count, 5, 12);
    }

    [Fact]
    public async Task Where_More_Processes_Are_Allowed_Than_An_Hour_Has_Slots_Each_Writes_Without_The_Store_Too()
    {
        RemotePacingStateStore store = new(_time, new Random(1));
        GitHubLimitsSimulation gitHub = Simulate(() => TimeSpan.FromMilliseconds(200), new GitHubOptions());
        Start(1, new GitHubOptions { MaxInstances = 1_000 }, store, new Random(1));
        int before = 0;

        await _time.RunAsync(async () =>
        {
            await WriteAsync(new Random(1));
            (before, store.IsAway) = (gitHub.Writes.Count, true);
            await WriteForAsync(TimeSpan.FromMinutes(70));
        });

        Assert.InRange(gitHub.Writes.Count - before, 1, 3);
    }

    [Fact]
    public async Task A_Store_That_Can_Be_Read_But_Not_Written_Is_Away_Until_A_Save_Succeeds_And_Is_Tried_Every_15_Seconds()
    {
        RemotePacingStateStore store = new(_time, new Random(1));
        Simulate(() => TimeSpan.FromMilliseconds(200), new GitHubOptions());
        Start(1, new GitHubOptions { MaxInstances = 4 }, store, new Random(1));
        List<string?> problems = [];
        int calls = 0;

        await _time.RunAsync(async () =>
        {
            await WriteAsync(new Random(1));
            store.IsReadOnly = true;
            await WriteAsync(new Random(1));
            calls = store.Calls;
            Task writes = WriteForAsync(TimeSpan.FromMinutes(10));
            for (DateTimeOffset end = _time.GetUtcNow() + TimeSpan.FromMinutes(9); _time.GetUtcNow() < end;)
            {
                problems.Add(_instances[0].Health.Problem);
                await Task.Delay(TimeSpan.FromSeconds(1), _time, Stop);
            }

            calls = store.Calls - calls;
            store.IsReadOnly = false;
            await writes;
        });

        Assert.DoesNotContain(null, problems);
        Assert.InRange(calls, 2 * 30, 2 * 37);
        Assert.Null(_instances[0].Health.Problem);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Store_Whose_Clock_Is_Set_Back_Keeps_The_Hour_But_Delays_No_Write_By_The_Difference(bool restarts)
    {
        RemotePacingStateStore store = new(_time, new Random(1)) { ClockError = TimeSpan.FromHours(3) };
        GitHubOptions options = new() { Limits = new GitHubLimits { ContentPerHour = 6 } };
        GitHubLimitsSimulation gitHub = Simulate(() => TimeSpan.FromMilliseconds(200), options);
        Start(1, options, store, new Random(1));
        TimeSpan took = default;
        TimeSpan? later = null;

        await _time.RunAsync(async () =>
        {
            for (int i = 0; i < 3; i++)
            {
                await WriteAsync(new Random(1));
            }

            store.ClockError = TimeSpan.Zero;
            if (restarts)
            {
                _instances[0].Dispose();
                _instances.Clear();
                Start(1, options, store, new Random(2));
            }

            await Task.Delay(TimeSpan.FromSeconds(20), _time, Stop);
            DateTimeOffset start = _time.GetUtcNow();
            for (int i = 0; i < 3; i++)
            {
                await WriteAsync(new Random(1));
            }

            took = _time.GetUtcNow() - start;
            later = await _instances[0].RunAsync(Order, begins: false, [RequestKind.Write]);
        });

        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.InRange(later!.Value, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(61));
        Assert.Equal(6, gitHub.Writes.Count);
    }

    [Fact]
    public async Task A_Slot_That_Passed_While_Its_Write_Waited_For_Room_Is_Not_Used()
    {
        RemotePacingStateStore store = new(_time, new Random(1));
        GitHubOptions options = new() { MaxConcurrentRequests = 1 };
        TimeSpan latency = TimeSpan.FromSeconds(6);
        GitHubLimitsSimulation gitHub = Simulate(() => latency, options);
        Start(1, options, store, new Random(1));
        long[] slots = [];

        await _time.RunAsync(async () =>
        {
            Task read = _instances[0].RunAsync(Order, begins: false, [RequestKind.Read]);
            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, Stop);
            await WriteAsync(new Random(1));
            await read;
            slots = [.. (await store.ReadAsync("credential", Stop)).State.Slots];
        });

        long begin = (Assert.Single(gitHub.Writes).At - (latency / 2)).ToUnixTimeMilliseconds();
        Assert.InRange(begin - slots[^1], -1_500, 3_500);
    }

    [Fact]
    public async Task Processes_Whose_Clocks_Differ_By_Minutes_Write_A_Second_Apart()
    {
        RemotePacingStateStore store = new(_time, new Random(1));
        GitHubOptions options = new() { MaxInstances = 2 };
        GitHubLimitsSimulation gitHub = Simulate(() => TimeSpan.FromMilliseconds(200), options);
        foreach (int minutes in new[] { -10, 10 })
        {
            _instances.Add(new BacklogInstance(options, store, gitHub, _time.SkewedBy(TimeSpan.FromMinutes(minutes))));
        }

        await _time.RunAsync(() => Task.WhenAll(Enumerable.Range(0, 40).Select(_ => WriteAsync(new Random(1)))));

        double[] gaps = [.. gitHub.Writes.Zip(gitHub.Writes.Skip(1), (one, next) => (next.At - one.At).TotalSeconds)];
        Assert.All(gaps, gap => Assert.True(gap > 0.9, $"{gap} s between two writes"));
    }

    [Fact]
    public async Task Processes_That_Reserve_At_The_Same_Moment_Get_Different_Slots()
    {
        RemotePacingStateStore store = new(_time, new Random(1));
        GitHubOptions options = new() { MaxInstances = 8 };
        GitHubLimitsSimulation gitHub = Simulate(() => TimeSpan.FromMilliseconds(200), options);
        Start(8, options, store, new Random(1));

        await _time.RunAsync(() => Task.WhenAll(_instances.Select(i => i.RunAsync(Order, begins: false, [RequestKind.Write]))));

        Assert.Equal(8, gitHub.Writes.Count);
        double[] gaps = [.. gitHub.Writes.Zip(gitHub.Writes.Skip(1), (one, next) => (next.At - one.At).TotalSeconds)];
        Assert.All(gaps, gap => Assert.True(gap > 0.9, $"{gap} s between two writes"));
    }

    [Fact]
    public async Task A_Process_That_Is_Killed_Takes_With_It_Only_The_Slots_It_Had_Reserved()
    {
        RemotePacingStateStore store = new(_time, new Random(1));
        GitHubOptions options = new() { MaxInstances = 2 };
        GitHubLimitsSimulation gitHub = Simulate(() => TimeSpan.FromMilliseconds(200), options);
        PacingRules rules = new(options);
        MonotonicClock clock = new(_time);
        PacingServices services = new(store, new PacingHealth(), _time, NullLogger.Instance);
        DateTimeOffset begin = default;

        await _time.RunAsync(async () =>
        {
            using SharedPacingRecord record = new("credential", options, rules, new RateLimitGate(_time), services, clock);
            WriteReservations killed = new(record, rules, options);
            await killed.TakeAsync(WritePriority.Normal, "graphql", expectedWrites: 100, Stop);
            begin = clock.Now;
            Start(1, options, store, new Random(1));
            await WriteAsync(new Random(1));
        });

        Assert.InRange((Assert.Single(gitHub.Writes).At - begin).TotalSeconds, 4, 6);
    }

    [Fact]
    public async Task Slots_That_Pass_Unused_Do_Not_Count_In_The_Hour()
    {
        RemotePacingStateStore store = new(_time, new Random(1));
        GitHubOptions options = new() { Limits = new GitHubLimits { ContentPerHour = WriteReservations.MaxSlots + 1 } };
        PacingRules rules = new(options);
        PacingServices services = new(store, new PacingHealth(), _time, NullLogger.Instance);
        List<long> starts = [];
        IReadOnlyList<long> recorded = [];

        await _time.RunAsync(async () =>
        {
            using SharedPacingRecord record =
                new("credential", options, rules, new RateLimitGate(_time), services, new MonotonicClock(_time));
            WriteReservations reservations = new(record, rules, options);
            for (int i = 0; i < 3; i++)
            {
                (long? start, _) = await reservations.TakeAsync(WritePriority.Normal, "graphql", expectedWrites: 100, Stop);
                starts.Add(start!.Value);
                await Task.Delay(TimeSpan.FromMinutes(1), _time, Stop);
            }

            recorded = (await store.ReadAsync("credential", Stop)).State.Slots;
        });

        Assert.Equal(starts, recorded.Intersect(starts));
        Assert.InRange(starts[2] - starts[0], 119_000, 125_000);
    }

    [Fact]
    public async Task Processes_That_Begin_Together_Do_Not_Read_More_Than_The_Limits()
    {
        GitHubOptions options = new() { MaxInstances = 10 };
        GitHubLimitsSimulation gitHub = Simulate(() => TimeSpan.FromMilliseconds(200), options);
        Start(10, options, new RemotePacingStateStore(_time, new Random(1)), new Random(1));

        await _time.RunAsync(() => Task.WhenAll(Enumerable.Range(0, 2_000).Select(async i =>
        {
            while (await _instances[i % 10].RunAsync(Order, begins: false, [RequestKind.Read]) is { } wait)
            {
                await Task.Delay(wait, _time, Stop);
            }
        })));

        Assert.Empty(gitHub.Refusals);
    }

    [Fact]
    public async Task A_Read_Asks_The_Store_For_Nothing_And_A_Queued_Write_For_Less_Than_One_Call()
    {
        RemotePacingStateStore store = new(_time, new Random(1));
        GitHubOptions options = new() { MaxInstances = 2 };
        GitHubLimitsSimulation gitHub = Simulate(() => TimeSpan.FromMilliseconds(10), options);
        Start(2, options, store, new Random(1));
        int forReads = 0;

        await _time.RunAsync(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _instances[i % 2].RunAsync(Order, begins: false, [RequestKind.Read])));
            forReads = store.Calls;
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => WriteAsync(new Random(1))));
        });

        // Each process looks once in ten seconds while it works, and says once that it is there.
        Assert.InRange(forReads, 1, 6);
        Assert.InRange((store.Calls - forReads) / (double)gitHub.Writes.Count, 0.1, 1);
    }

    private GitHubLimitsSimulation Simulate(Func<TimeSpan> latency, GitHubOptions options) =>
        _gitHub = new GitHubLimitsSimulation(_time, latency, isOneProcess: false, options.Limits);

    private void Start(int count, GitHubOptions options, IPacingStateStore store, Random random)
    {
        for (int i = 0; i < count; i++)
        {
            _instances.Add(new BacklogInstance(options, store, _gitHub!, _time.SkewedBy(TimeSpan.FromSeconds(random.Next(-300, 300)))));
        }
    }

    /// <summary>Takes the store away now and then, for all processes at once.</summary>
    private async Task InterruptAsync(RemotePacingStateStore store, Random random)
    {
        for (int i = 0; i < 6; i++)
        {
            await Task.Delay(TimeSpan.FromMinutes(random.Next(1, 20)), _time, Stop);
            (store.IsAway, store.Hangs) = (true, random.Next(2) == 0);
            await Task.Delay(TimeSpan.FromMinutes(random.Next(1, 10)), _time, Stop);
            store.IsAway = false;
        }
    }

    private async Task WriteAsync(Random random)
    {
        while (await _instances[random.Next(_instances.Count)].RunAsync(Order, begins: false, [RequestKind.Write]) is { } wait)
        {
            await Task.Delay(wait + TimeSpan.FromMilliseconds(random.Next(1_000)), _time, Stop);
        }
    }

    /// <summary>Writes as fast as it may, ten at a time.</summary>
    private Task WriteForAsync(TimeSpan span)
    {
        DateTimeOffset end = _time.GetUtcNow() + span;
        return Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            while (_time.GetUtcNow() < end)
            {
                TimeSpan? wait = await _instances[0].RunAsync(Order, begins: false, [RequestKind.Write]);
                await Task.Delay(wait ?? TimeSpan.Zero, _time, Stop);
            }
        }));
    }
}
