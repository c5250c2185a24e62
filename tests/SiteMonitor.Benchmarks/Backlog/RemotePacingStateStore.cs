using SiteMonitor.Core;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Benchmarks.Backlog;

/// <summary>A store at the other end of a network: it takes time, is asked in any order, and may fail.</summary>
internal sealed class RemotePacingStateStore(TimeProvider time, Random random) : IPacingStateStore
{
    private readonly InMemoryPacingStateStore _store = new(time);

    public int Calls { get; private set; }

    /// <summary>Whether each call fails.</summary>
    public bool IsAway { get; set; }

    /// <summary>Whether calls that fail do so by never being answered.</summary>
    public bool Hangs { get; set; }

    /// <summary>Whether saves fail although reads do not.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>How far the store's clock is ahead.</summary>
    public TimeSpan ClockError { get; set; }

    public async Task<VersionedPacingState> ReadAsync(string credential, CancellationToken cancellationToken)
    {
        await TravelAsync(cancellationToken);
        VersionedPacingState read = await _store.ReadAsync(credential, cancellationToken);
        await DelayAsync(cancellationToken);
        return read with { Now = read.Now + ClockError };
    }

    public async Task<string?> TrySaveAsync(string credential, PacingState state, string? version, CancellationToken cancellationToken)
    {
        await TravelAsync(cancellationToken);
        if (IsReadOnly)
        {
            throw new PermanentFailureException("storage-forbidden", "The identity may not write.");
        }

        string? saved = await _store.TrySaveAsync(credential, PacingState.Parse(state.ToJson()), version, cancellationToken);
        await DelayAsync(cancellationToken);
        return saved;
    }

    private async Task TravelAsync(CancellationToken cancellationToken)
    {
        Calls++;
        await DelayAsync(cancellationToken);
        if (IsAway)
        {
            await Task.Delay(Hangs ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, time, cancellationToken);
            throw new TransientFailureException("storage-unreachable", "The store is away.");
        }
    }

    private Task DelayAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(5, 30)), time, cancellationToken);
}
