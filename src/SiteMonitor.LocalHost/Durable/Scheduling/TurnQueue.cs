using SiteMonitor.LocalHost.Durable.Execution;

namespace SiteMonitor.LocalHost.Durable.Scheduling;

/// <summary>
/// Instances that have something to do. Those under way go before those that have not begun, and new ones wait while too many activities do (<paramref name="admits"/>),
/// so that a flood of starts fills the database and not the memory.
/// </summary>
internal sealed class TurnQueue(int workers, Func<bool> admits, Action<Instance> run) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<Instance> _continuing = new();
    private readonly Queue<Instance> _starting = new();
    private int _working;
    private bool _stopped;

    public void Enqueue(Instance instance)
    {
        lock (_gate)
        {
            (instance.Execution is null && instance.Turns == 0 ? _starting : _continuing).Enqueue(instance);
        }

        Wake();
    }

    /// <summary>To be called when new instances may be admitted again.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_stopped || _working == workers || (_continuing.Count == 0 && (_starting.Count == 0 || !admits())))
            {
                return;
            }

            _working++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Starts no further turn; true once none runs.</summary>
    public bool Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            return _working == 0;
        }
    }

    public void Execute()
    {
        while (TryTake(out Instance? instance))
        {
            run(instance);
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Instance? instance)
    {
        lock (_gate)
        {
            instance = null;
            if (!_stopped && (_continuing.TryDequeue(out instance) || (admits() && _starting.TryDequeue(out instance))))
            {
                return true;
            }

            _working--;
            return false;
        }
    }
}
