using System.Threading.Channels;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.LocalHost.Functions;
using SiteMonitor.LocalHost.Functions.Timers;
using SiteMonitor.LocalHost.Storage;

namespace SiteMonitor.Tests.LocalHost.Functions.Timers;

public sealed class TimerFunctionTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 30, 0, TimeSpan.Zero);
    private readonly TestDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly SqliteTimerStatusStore _store;
    private readonly ServiceProvider _services = new ServiceCollection().AddSingleton<Firings>().BuildServiceProvider();

    public TimerFunctionTests() => _store = new SqliteTimerStatusStore(new LocalDatabase(Path.Combine(_directory.Path, "state.db")));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Firings Fired => _services.GetRequiredService<Firings>();

    [Fact]
    public async Task It_Fires_At_Each_Occurrence_With_Its_Status()
    {
        await using Running running = Run(nameof(Samples.Hourly));
        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.Zero));
        TimerInfo first = await Fired.NextAsync();
        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.Zero));
        TimerInfo second = await Fired.NextAsync();

        Assert.False(first.IsPastDue);
        Assert.Equal(new DateTime(2026, 3, 1, 1, 0, 0, DateTimeKind.Utc), first.ScheduleStatus!.Last);
        Assert.Equal(new DateTime(2026, 3, 1, 2, 0, 0, DateTimeKind.Utc), first.ScheduleStatus.Next);
        Assert.Equal(new DateTime(2026, 3, 1, 2, 0, 0, DateTimeKind.Utc), second.ScheduleStatus!.Last);
    }

    [Fact]
    public async Task An_Occurrence_Missed_While_The_Host_Was_Down_Is_Made_Up_For_Once()
    {
        await using (Run(nameof(Samples.Hourly)))
        {
            await WaitUntilAsync(async () => await _store.FindAsync("hourly", Cancelled) is not null);
        }

        _time.Advance(TimeSpan.FromHours(5));
        await using Running again = Run(nameof(Samples.Hourly));
        TimerInfo missed = await Fired.NextAsync();
        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 6, 0, 0, TimeSpan.Zero));
        TimerInfo regular = await Fired.NextAsync();

        Assert.True(missed.IsPastDue);
        Assert.Equal(new DateTime(2026, 3, 1, 1, 0, 0, DateTimeKind.Utc), missed.ScheduleStatus!.Last);
        Assert.False(regular.IsPastDue);
    }

    [Fact]
    public async Task A_Restart_Between_Two_Occurrences_Fires_Nothing()
    {
        await using (Run(nameof(Samples.Hourly)))
        {
            await WaitUntilAsync(async () => await _store.FindAsync("hourly", Cancelled) is not null);
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        await using Running again = Run(nameof(Samples.Hourly));
        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.Zero));

        Assert.False((await Fired.NextAsync()).IsPastDue);
        Assert.Equal(0, Fired.Waiting);
    }

    [Fact]
    public async Task It_Never_Overlaps_Itself()
    {
        Fired.Hold = new TaskCompletionSource();
        await using Running running = Run(nameof(Samples.Hourly));
        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.Zero));
        await Fired.NextAsync();

        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 4, 30, 0, TimeSpan.Zero));
        Assert.Equal(0, Fired.Waiting);
        Fired.Hold.SetResult();
        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 5, 0, 0, TimeSpan.Zero));

        Assert.Equal(new DateTime(2026, 3, 1, 5, 0, 0, DateTimeKind.Utc), (await Fired.NextAsync()).ScheduleStatus!.Last);
        Assert.Equal(1, Fired.MostAtOnce);
    }

    [Fact]
    public async Task A_Failed_Occurrence_Does_Not_Stop_The_Next()
    {
        Fired.Fail = true;
        await using Running running = Run(nameof(Samples.Hourly));
        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.Zero));
        await Fired.NextAsync();
        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.Zero));

        Assert.NotNull(await Fired.NextAsync());
    }

    [Fact]
    public async Task A_Status_That_Can_Be_Neither_Read_Nor_Saved_Does_Not_Stop_The_Timer()
    {
        await using Running running = Run(nameof(Samples.Hourly), new FailingStore());
        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.Zero));
        await Fired.NextAsync();
        await AdvanceTo(new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.Zero));

        Assert.NotNull(await Fired.NextAsync());
    }

    [Fact]
    public async Task Run_On_Startup_Fires_At_Once()
    {
        await using Running running = Run(nameof(Samples.AtStart));

        Assert.False((await Fired.NextAsync()).IsPastDue);
    }

    public void Dispose()
    {
        _services.Dispose();
        _directory.Dispose();
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancelled);
        }
    }

    // In steps with real pauses between them, because the function under test continues on the thread pool.
    private async Task AdvanceTo(DateTimeOffset time)
    {
        while (_time.GetUtcNow() < time)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancelled);
            TimeSpan left = time - _time.GetUtcNow();
            _time.Advance(left < TimeSpan.FromMinutes(10) ? left : TimeSpan.FromMinutes(10));
        }

        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancelled);
    }

    private Running Run(string method, ITimerStatusStore? store = null)
    {
        FunctionDescriptor function = FunctionDiscovery.Discover([typeof(Samples)]).Single(f => f.Method.Name == method);
        TimerFunction timer = new(
            function, new ConfigurationBuilder()
                .Build(), _services.GetRequiredService<IServiceScopeFactory>(), store ?? _store, _time, NullLogger<TimerFunction>.Instance);
        return new Running(timer);
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _task;

        public Running(TimerFunction timer) => _task = timer.RunAsync(_stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _task);
            _stop.Dispose();
        }
    }

    private sealed class FailingStore : ITimerStatusStore
    {
        public Task<TimerStatus?> FindAsync(string function, CancellationToken cancellationToken) => throw new IOException("locked");

        public Task SaveAsync(string function, TimerStatus status, CancellationToken cancellationToken) =>
            throw new IOException("No space left on device");
    }

    private sealed class Firings
    {
        private readonly Channel<TimerInfo> _infos = Channel.CreateUnbounded<TimerInfo>();
        private int _now;

        public TaskCompletionSource? Hold { get; set; }

        public bool Fail { get; set; }

        public int MostAtOnce { get; private set; }

        public int Waiting => _infos.Reader.Count;

        public async Task AddAsync(TimerInfo info, CancellationToken cancellationToken)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
            _infos.Writer.TryWrite(info);
            await (Hold?.Task ?? Task.CompletedTask).WaitAsync(cancellationToken);
            Interlocked.Decrement(ref _now);
            if (Fail)
            {
                throw new InvalidOperationException("As asked.");
            }
        }

        public async Task<TimerInfo> NextAsync() =>
            await _infos.Reader.ReadAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    private sealed class Samples(Firings fired)
    {
        [Function("hourly")]
        public Task Hourly([TimerTrigger("0 0 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
            fired.AddAsync(timer, cancellationToken);

        [Function("at-start")]
        public Task AtStart([TimerTrigger("0 0 * * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancellationToken) =>
            fired.AddAsync(timer, cancellationToken);
    }
}
