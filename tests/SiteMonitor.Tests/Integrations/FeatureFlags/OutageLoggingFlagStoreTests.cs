using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Tests.Integrations.FeatureFlags;

public sealed class OutageLoggingFlagStoreTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Messages _log = new();
    private readonly SwitchedStore _store = new();

    [Fact]
    public async Task An_Outage_Is_Logged_At_Once_Then_At_Growing_Intervals_And_When_It_Ends()
    {
        OutageLoggingFlagStore store = new(_store, _time, _log);
        await PollAsync(store, TimeSpan.FromMinutes(5));
        Assert.Empty(_log.Lines);

        _store.IsDown = true;
        await PollAsync(store, TimeSpan.FromSeconds(30));
        Assert.Contains("no connection", Assert.Single(_log.Lines), StringComparison.Ordinal);

        await PollAsync(store, TimeSpan.FromHours(3));
        // After 0, 1, 3, 7, 15, 31, 63 and 123 minutes.
        Assert.Equal(8, _log.Lines.Count);

        _store.IsDown = false;
        await PollAsync(store, TimeSpan.FromMinutes(5));
        Assert.Equal(9, _log.Lines.Count);
        Assert.Contains("again", _log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Second_Outage_Is_Logged_At_Once_Again()
    {
        OutageLoggingFlagStore store = new(_store, _time, _log);
        _store.IsDown = true;
        await PollAsync(store, TimeSpan.FromMinutes(20));
        _store.IsDown = false;
        await PollAsync(store, TimeSpan.FromSeconds(10));
        int before = _log.Lines.Count;
        _store.IsDown = true;

        await PollAsync(store, TimeSpan.FromSeconds(10));

        Assert.Equal(before + 1, _log.Lines.Count);
    }

    private async Task PollAsync(OutageLoggingFlagStore store, TimeSpan span)
    {
        for (DateTimeOffset end = _time.GetUtcNow() + span; _time.GetUtcNow() < end; _time.Advance(TimeSpan.FromSeconds(5)))
        {
            await store.ReadAsync(null, TestContext.Current.CancellationToken);
        }
    }

    private sealed class SwitchedStore : IFlagStore
    {
        public bool IsDown { get; set; }

        public string Description => "App Configuration contoso";

        public Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken) =>
            Task.FromResult<FlagReadResult>(IsDown ? new FlagReadResult.Unavailable("no connection.") : new FlagReadResult.Unchanged());

        public Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Messages : ILogger<OutageLoggingFlagStore>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.Equal(LogLevel.Warning, logLevel);
            Lines.Add(formatter(state, exception));
        }
    }
}
