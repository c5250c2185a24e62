using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Logs outages of the flag store: at once, then at growing intervals, and when it is back.</summary>
internal sealed partial class OutageLoggingFlagStore(
    IFlagStore inner, TimeProvider time, ILogger<OutageLoggingFlagStore> logger) : IFlagStore
{
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private DateTimeOffset? _since;
    private DateTimeOffset _nextLog;
    private TimeSpan _interval;

    public string Description => inner.Description;

    public async Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken) =>
        Track(await inner.ReadAsync(known, cancellationToken));

    public async Task<FlagReadResult> ReadForWriteAsync(CancellationToken cancellationToken) =>
        Track(await inner.ReadForWriteAsync(cancellationToken));

    public Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken) =>
        inner.WriteAsync(name, json, etag, cancellationToken);

    private FlagReadResult Track(FlagReadResult result)
    {
        lock (_lock)
        {
            Track(result as FlagReadResult.Unavailable);
        }

        return result;
    }

    private void Track(FlagReadResult.Unavailable? outage)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (outage is null)
        {
            if (_since is { } since)
            {
                Log.Back(logger, inner.Description, now - since);
                _since = null;
            }

            return;
        }

        if (_since is null)
        {
            _since = now;
            _interval = FirstInterval;
            _nextLog = now;
        }

        if (now < _nextLog)
        {
            return;
        }

        Log.Unreachable(logger, inner.Description, _since.Value, outage.Reason);
        _nextLog = now + _interval;
        _interval = _interval * 2 < LongestInterval ? _interval * 2 : LongestInterval;
    }

    private static partial class Log
    {
        [LoggerMessage(4021, LogLevel.Warning, "The feature flags cannot be read from {Store} since {Since:u}: " +
            "{Reason} The last known flags apply until it is available again.")]
        public static partial void Unreachable(ILogger logger, string store, DateTimeOffset since, string reason);

        [LoggerMessage(4022, LogLevel.Warning, "The feature flags can be read from {Store} again, after {Outage}")]
        public static partial void Back(ILogger logger, string store, TimeSpan outage);
    }
}
