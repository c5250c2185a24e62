using SiteMonitor.LocalHost.Durable.Execution;

namespace SiteMonitor.LocalHost.Durable.Scheduling;

/// <summary>
/// Instances that have something to do. Those under way go before those that have not begun, and new ones wait while too many activities do (<paramref name="admits"/>),
/// so that a flood of starts fills the database and not the memory. Nobody goes while too many writes wait (<paramref name="pauses"/>).
/// </summary>
internal sealed class TurnQueue(int workers, Func<bool> admits, Func<bool> pauses, Action<Instance> run) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<Instance> _continuing = new();

    /// <summary>One that has been promoted stays in here too, no longer held back, and is passed over.</summary>
    private readonly Queue<Instance> _starting = new();

    private int _working;
    private bool _draining;
    private bool _stopped;

    public void Enqueue(Instance instance)
    {
        lock (_gate)
        {
            instance.IsHeldBack = instance is { Execution: null, Turns: 0, HasClientWaiting: false };
            (instance.IsHeldBack ? _starting : _continuing).Enqueue(instance);
        }

        Wake();
    }

    /// <summary>A client waits for what it asked of the instance: that goes before the starts that wait for room.</summary>
    public void Promote(Instance instance)
    {
        lock (_gate)
        {
            if (!instance.IsHeldBack)
            {
                return;
            }

            instance.IsHeldBack = false;
            _continuing.Enqueue(instance);
        }

        Wake();
    }

    /// <summary>To be called when instances may be admitted again.</summary>
    public void WakeAll()
    {
        for (int worker = 0; worker < workers; worker++)
        {
            Wake();
        }
    }

    /// <summary>Begins no further instance; true once those under way have nothing to do.</summary>
    public bool Drain()
    {
        lock (_gate)
        {
            _draining = true;
            return _working == 0 && _continuing.Count == 0;
        }
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

    private void Wake()
    {
        lock (_gate)
        {
            if (_stopped || _working == workers || pauses() || (_continuing.Count == 0 && (_starting.Count == 0 || !MayBegin())))
            {
                return;
            }

            _working++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool MayBegin() => !_draining && admits();

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Instance? instance)
    {
        lock (_gate)
        {
            instance = null;
            if (!_stopped && !pauses() && (_continuing.TryDequeue(out instance) || (MayBegin() && TryTakeHeldBack(out instance))))
            {
                return true;
            }

            _working--;
            return false;
        }
    }

    private bool TryTakeHeldBack([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Instance? instance)
    {
        while (_starting.TryDequeue(out instance))
        {
            if (instance.IsHeldBack)
            {
                instance.IsHeldBack = false;
                return true;
            }
        }

        return false;
    }
}
