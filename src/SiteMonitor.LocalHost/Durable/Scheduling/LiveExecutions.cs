using SiteMonitor.LocalHost.Durable.Execution;

namespace SiteMonitor.LocalHost.Durable.Scheduling;

/// <summary>The executions in memory, the longest unused first to go.</summary>
internal sealed class LiveExecutions(int capacity)
{
    private const int Attempts = 4;

    private readonly Lock _gate = new();
    private readonly LinkedList<Instance> _used = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _used.Count;
            }
        }
    }

    public void Use(Instance instance)
    {
        lock (_gate)
        {
            Unlink(instance);
            instance.LiveNode = _used.AddLast(instance);
        }
    }

    public void Remove(Instance instance)
    {
        lock (_gate)
        {
            Unlink(instance);
        }
    }

    /// <summary>Drops executions beyond the capacity. One that is busy is passed over, and looked at again with the next commit.</summary>
    public void Trim()
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Instance candidate;
            lock (_gate)
            {
                if (_used.Count <= capacity)
                {
                    return;
                }

                candidate = _used.First!.Value;
                Unlink(candidate);
            }

            if (!candidate.TryEvict())
            {
                lock (_gate)
                {
                    candidate.LiveNode ??= _used.AddLast(candidate);
                }
            }
        }
    }

    private void Unlink(Instance instance)
    {
        if (instance.LiveNode is { } node)
        {
            _used.Remove(node);
            instance.LiveNode = null;
        }
    }
}
