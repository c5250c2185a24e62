using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Opens the issues of an import in the sandbox at their original intervals on the simulated clock.</summary>
/// <remarks>The sandbox stores each issue's number in the import with it, so that a restarted host opens no issue twice.</remarks>
internal sealed class ArrivalReplay : IDisposable
{
    private readonly SandboxServer _server;
    private readonly TimeProvider _clock;
    private readonly Action _opening;
    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset Due, ImportedIssue Issue)> _waiting;
    private readonly ITimer _timer;

    /// <param name="start">When the first issue arrives.</param>
    /// <param name="issues">Oldest first. Those that the sandbox has are left out.</param>
    /// <param name="opening">Called before issues are opened.</param>
    public ArrivalReplay(
        SandboxServer server, DateTimeOffset start, TimeProvider clock, IReadOnlyList<ImportedIssue> issues, Action opening)
    {
        (_server, _clock, _opening) = (server, clock, opening);
        IReadOnlySet<int> opened = server.GetImportedNumbers();
        _waiting = new(issues.Where(i => !opened.Contains(i.Number)).Select(i => (start + (i.CreatedAt - issues[0].CreatedAt), i)));
        _timer = clock.CreateTimer(_ => OpenDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When the next issue arrives; null when all have.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            lock (_gate)
            {
                return _waiting.TryPeek(out (DateTimeOffset Due, ImportedIssue) next) ? next.Due : null;
            }
        }
    }

    /// <summary>How long until the last issue arrives.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count == 0 ? TimeSpan.Zero : _waiting.Last().Due - _clock.GetUtcNow();
            }
        }
    }

    /// <summary>The number of issues that are still to arrive.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Opens the issues whose time has come, and sets the timer for the next one.</summary>
    public void OpenDue()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out (DateTimeOffset Due, ImportedIssue Issue) next) && next.Due <= _clock.GetUtcNow())
            {
                _opening();
                _server.Open(next.Issue);
                _waiting.Dequeue();
            }

            if (_waiting.TryPeek(out (DateTimeOffset Due, ImportedIssue) later))
            {
                _timer.Change(later.Due - _clock.GetUtcNow(), Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _timer.Dispose();
}
