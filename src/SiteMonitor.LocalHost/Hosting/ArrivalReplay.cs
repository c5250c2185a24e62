using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Opens the issues of an import in the sandbox at their original intervals on the simulated clock.</summary>
internal sealed class ArrivalReplay : IDisposable
{
    private readonly SandboxServer _server;
    private readonly SandboxSession _session;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset Due, ImportedIssue Issue)> _waiting;
    private readonly ITimer _timer;
    private int _arrived;

    /// <param name="session">Knows how many issues an earlier process opened. The first one arrives when the session starts.</param>
    /// <param name="issues">Oldest first.</param>
    public ArrivalReplay(SandboxServer server, SandboxSession session, TimeProvider clock, IReadOnlyList<ImportedIssue> issues)
    {
        (_server, _session, _clock) = (server, session, clock);
        _arrived = session.Arrived ?? server.Issues(server.Repository).Count(i => !i.IsPullRequest);
        _waiting = new(issues.Skip(_arrived).Select(i => (session.Started + (i.CreatedAt - issues[0].CreatedAt), i)));
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

    /// <summary>Opens the issues whose time has come, and waits for the next one.</summary>
    public void OpenDue()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out (DateTimeOffset Due, ImportedIssue Issue) next) && next.Due <= _clock.GetUtcNow())
            {
                _server.Perform(new UserAction
                {
                    Do = UserActionKind.Open,
                    Value = next.Issue.Title,
                    Text = next.Issue.Body,
                    Labels = next.Issue.Labels,
                    Login = next.Issue.Author.Length > 0 ? next.Issue.Author : "ghost",
                });
                _waiting.Dequeue();
                _session.SetArrived(++_arrived);
            }

            if (_waiting.TryPeek(out (DateTimeOffset Due, ImportedIssue) later))
            {
                _timer.Change(later.Due - _clock.GetUtcNow(), Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _timer.Dispose();
}
