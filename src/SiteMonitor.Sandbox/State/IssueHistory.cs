using System.Collections.Immutable;

namespace SiteMonitor.Sandbox.State;

/// <summary>Keeps the issues of the last minute, for reads from a replica that lags behind.</summary>
internal sealed class IssueHistory(TimeProvider time)
{
    public static readonly ImmutableSortedDictionary<int, SimulatedIssue> NoIssues = ImmutableSortedDictionary<int, SimulatedIssue>.Empty;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Queue<(long At, string Repository, ImmutableSortedDictionary<int, SimulatedIssue> Before)> _changes = new();

    /// <summary>Records the issues of a repository as they were before a change.</summary>
    public void Add(string repository, ImmutableSortedDictionary<int, SimulatedIssue> before)
    {
        lock (_gate)
        {
            while (_changes.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Kept)
            {
                _changes.Dequeue();
            }

            _changes.Enqueue((time.GetTimestamp(), repository, before));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _changes.Clear();
        }
    }

    /// <summary>Returns the issues as they were that long ago; null if they have not changed since.</summary>
    public ImmutableSortedDictionary<int, SimulatedIssue>? FindState(string repository, TimeSpan ago)
    {
        lock (_gate)
        {
            return _changes.FirstOrDefault(c => c.Repository == repository && time.GetElapsedTime(c.At) <= ago).Before;
        }
    }
}
