namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>
/// Keeps an orchestrator on the thread of its turn. Whatever is posted from elsewhere comes from a task that no history knows (Task.Delay, Task.Run, an HTTP call):
/// it is not run, and <paramref name="strayed"/> is told.
/// </summary>
internal sealed class TurnSynchronizationContext(Action strayed) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private int _thread;

    public bool IsOnTurn => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Runs an action, and everything it posts, on this thread.</summary>
    public void Run(Action action)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            action();
            while (_posted.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            _thread = 0;
            SetSynchronizationContext(outer);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsOnTurn)
        {
            _posted.Enqueue((d, state));
        }
        else
        {
            strayed();
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsOnTurn)
        {
            d(state);
        }
        else
        {
            strayed();
        }
    }

    public override SynchronizationContext CreateCopy() => this;
}
