namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>Returns the current flags: polls the store when they are stale, and keeps them through outages and restarts.</summary>
public sealed class FlagSource(IFlagStore store, ILastKnownFlags lastKnown, FlagPolling polling, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile FlagSnapshot? _current;
    private DateTimeOffset _changedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;
    private DateTimeOffset? _readAt;
    private Outage? _outage;

    /// <summary>State of the last poll; reading it does not poll.</summary>
    public FlagHealth Health
    {
        get
        {
            FlagSnapshot flags = _current ?? FlagSnapshot.None;
            Outage? outage = _outage;

            // While the store does not respond, its content is unknown.
            string[] missing = _readAt is null || outage is not null ? [] : [.. flags.Missing];
            return new FlagHealth(store.Description, flags.Revision, _readAt, [.. FindWarnings(flags, outage)], missing);
        }
    }

    /// <summary>Returns the flags, polling the store when they are stale; the last known ones while the store is down.</summary>
    public async ValueTask<FlagSnapshot> CurrentAsync(CancellationToken cancellationToken)
    {
        FlagSnapshot? current = _current;
        return current is not null && !IsDue() ? current : await PollAsync(force: false, cancellationToken);
    }

    /// <summary>Polls the store now, whatever the snapshot's age; used after a write.</summary>
    public Task<FlagSnapshot> RefreshAsync(CancellationToken cancellationToken) => PollAsync(force: true, cancellationToken);

    public void Dispose() => _gate.Dispose();

    private async Task<FlagSnapshot> PollAsync(bool force, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!force && _current is not null && !IsDue())
            {
                return _current;
            }

            FlagReadResult result = await store.ReadAsync(_readAt is null ? null : _current, cancellationToken);
            _triedAt = time.GetUtcNow();
            return await ApplyAsync(result, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<FlagSnapshot> ApplyAsync(FlagReadResult result, CancellationToken cancellationToken)
    {
        switch (result)
        {
            case FlagReadResult.Loaded(FlagSnapshot snapshot):
                bool changed = _current?.Revision != snapshot.Revision;
                _changedAt = changed && _current is not null ? _triedAt : _changedAt;
                _current = snapshot;
                MarkAnswered();
                if (changed)
                {
                    await lastKnown.SaveAsync(snapshot, cancellationToken);
                }

                return snapshot;
            case FlagReadResult.Unchanged when _current is not null:
                _current = _current with { ReadAt = _triedAt };
                MarkAnswered();
                return _current;
            default:
                string? reason = (result as FlagReadResult.Unavailable)?.Reason;
                _outage = new Outage(_outage?.Since ?? _triedAt, reason ?? "It answered 'unchanged', but no flags have been read yet.");
                return _current ??= await lastKnown.LoadAsync(cancellationToken) ?? FlagSnapshot.None;
        }
    }

    private void MarkAnswered() => (_readAt, _outage) = (_triedAt, null);

    private bool IsDue()
    {
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan interval =
            _outage is not null || now - _changedAt < polling.ActivePeriod ? polling.ActiveInterval : polling.IdleInterval;
        return now - _triedAt >= interval;
    }

    private IEnumerable<string> FindWarnings(FlagSnapshot flags, Outage? outage)
    {
        if (outage is not null)
        {
            string effect = flags.Revision == FlagSnapshot.None.Revision
                ? "no flags have been read yet: every flag is off and the old commands are available"
                : $"the last known flags stay in effect (revision {flags.Revision})";
            yield return $"{store.Description} has not answered since {outage.Since:u}: {outage.Reason} Meanwhile {effect}.";
        }

        foreach (string problem in flags.Problems)
        {
            yield return problem;
        }
    }

    private sealed record Outage(DateTimeOffset Since, string Reason);
}

/// <summary>How old a snapshot may be when it is used. An idle application does not poll.</summary>
/// <param name="IdleInterval">The most a snapshot may be old; 30 s by default.</param>
/// <param name="ActiveInterval">The same while flags have changed within <paramref name="ActivePeriod"/>, and the pause after a failed
/// poll; 5 s by default.</param>
public sealed record FlagPolling(TimeSpan IdleInterval, TimeSpan ActiveInterval, TimeSpan ActivePeriod)
{
    public static FlagPolling Default { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));

    /// <summary>For a store in memory or a local file: read before each use.</summary>
    public static FlagPolling EachUse { get; } = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
}
