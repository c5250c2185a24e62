namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>Limits the requests of this process that are under way. The limit may change while requests wait.</summary>
/// <param name="getLimit">At least 1.</param>
internal sealed class ConcurrencyLimit(TimeProvider time, Func<int> getLimit)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource<bool>> _waiters = new();
    private int _underWay;

    /// <returns>Whether there was room in time; then call <see cref="Release"/> after the response.</returns>
    public async Task<bool> TryAcquireAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_underWay < getLimit())
            {
                _underWay++;
                return true;
            }

            if (patience <= TimeSpan.Zero)
            {
                return false;
            }

            _waiters.Enqueue(turn);
        }

        using CancellationTokenSource timer = new(patience, time);
        using CancellationTokenRegistration late = timer.Token.Register(() => turn.TrySetResult(false));
        using CancellationTokenRegistration givenUp = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        return await turn.Task;
    }

    public void Release()
    {
        lock (_lock)
        {
            _underWay--;
            while (_underWay < getLimit() && _waiters.TryDequeue(out TaskCompletionSource<bool>? next))
            {
                if (next.TrySetResult(true))
                {
                    _underWay++;
                }
            }
        }
    }
}
