using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite.Runtime;

/// <summary>Purges instances that ended longer ago than they are to be kept: at the start, and then once an hour.</summary>
internal sealed class Retention : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    private readonly ITimer _timer;
    private int _sweeping;

    /// <param name="purge">Purges what ended at a time or before.</param>
    public Retention(Func<DateTime, Task> purge, TimeProvider clock, TimeSpan age) =>
        _timer = clock.CreateTimer(_ => _ = SweepAsync(purge, clock.GetUtcNow().UtcDateTime - age), null, TimeSpan.Zero, s_interval);

    public void Dispose() => _timer.Dispose();

    private async Task SweepAsync(Func<DateTime, Task> purge, DateTime endedBy)
    {
        if (Interlocked.Exchange(ref _sweeping, 1) == 1)
        {
            return;
        }

        try
        {
            await purge(endedBy);
        }
        catch (StorageException)
        {
            // The writer reports a database in trouble; the next sweep is in an hour.
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }
}
