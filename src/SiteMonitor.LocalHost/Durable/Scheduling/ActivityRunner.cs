using SiteMonitor.LocalHost.Durable.Execution;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Scheduling;

/// <summary>Runs activities, so many at a time, in the order they were scheduled, and tells the instances what came out.</summary>
internal sealed partial class ActivityRunner(
    DurableEngineOptions options,
    DurableTaskFunctions functions,
    DurableMetrics metrics,
    BusyCounter busy,
    Action<Instance, InstanceMessage> tell,
    ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<ActivityWork> _waiting = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _running;
    private volatile bool _crowded;

    /// <summary>Called when new instances may be admitted again.</summary>
    public Action BacklogShrank { get; set; } = () => { };

    /// <summary>So many activities wait that no further instance should begin.</summary>
    public bool IsCrowded => _crowded;

    public bool IsQuiet
    {
        get
        {
            lock (_gate)
            {
                return _running == 0;
            }
        }
    }

    public void Enqueue(ActivityWork work)
    {
        busy.Enter();
        lock (_gate)
        {
            if (_running == options.MaxConcurrentActivities || _stopping.IsCancellationRequested)
            {
                _waiting.Enqueue(work);
                _crowded |= _waiting.Count >= options.MaxActivityBacklog;
                return;
            }

            _running++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Runner.WorkAsync(state.Work), (Runner: this, Work: work), preferLocal: false);
    }

    /// <summary>Asks running activities to end and starts no other; those without a result run again after the next start.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();

    private async Task WorkAsync(ActivityWork work)
    {
        for (ActivityWork? next = work; next is not null; next = Next())
        {
            if (next.Instance.Generation == next.Generation && !next.Instance.IsTerminal)
            {
                await RunAsync(next);
            }

            busy.Exit();
        }
    }

    private ActivityWork? Next()
    {
        ActivityWork? next = null;
        bool shrank = false;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested || !_waiting.TryDequeue(out next))
            {
                _running--;
            }

            if (_crowded && _waiting.Count <= options.MaxActivityBacklog / 2)
            {
                _crowded = false;
                shrank = true;
            }
        }

        if (shrank)
        {
            BacklogShrank();
        }

        return next;
    }

    private async Task RunAsync(ActivityWork work)
    {
        HistoryEvent scheduled = work.Scheduled;
        HistoryEvent outcome;
        try
        {
            outcome = await InvokeAsync(work.Instance.Id, scheduled);
        }
#pragma warning disable CA1031 // Whatever an activity makes of the host's end, its orchestrator must not take for a failure of the work: it runs again after the next start.
        catch (Exception failure) when (_stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogInterrupted(failure, scheduled.Name!, work.Instance.Id, scheduled.TaskId);
            return;
        }
#pragma warning disable CA1031 // An activity may throw anything; its orchestrator decides what it means.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailed(failure, scheduled.Name!, work.Instance.Id, scheduled.TaskId);
            outcome = Failed(scheduled, Failure.From(failure));
        }

        metrics.ActivityRan(outcome.Kind is HistoryEventKind.TaskCompleted);
        tell(work.Instance, new InstanceMessage(outcome, work.Generation));
    }

    private async Task<HistoryEvent> InvokeAsync(string instanceId, HistoryEvent scheduled)
    {
        if (functions.Activity(scheduled.Name!) is not { } activity)
        {
            LogUnknown(scheduled.Name!, instanceId);
            return Failed(scheduled, new Failure(Failure.Unknown, Failure.Unknown, null, null));
        }

        ActivityInvocation invocation = new(instanceId, scheduled.Name!, scheduled.TaskId, scheduled.Payload, options.DataConverter);
        object? result = await activity(invocation, _stopping.Token);
        string? payload = Payloads.Check(options.DataConverter.Serialize(result), $"result of activity '{scheduled.Name}'", options);
        return new HistoryEvent(HistoryEventKind.TaskCompleted) { TaskId = scheduled.TaskId, Payload = payload };
    }

    private static HistoryEvent Failed(HistoryEvent scheduled, Failure failure) =>
        new(HistoryEventKind.TaskFailed) { TaskId = scheduled.TaskId, Failure = failure };

    [LoggerMessage(111, LogLevel.Warning, "Activity '{Activity}' of instance '{InstanceId}' (#{TaskId}) failed.")]
    private partial void LogFailed(Exception failure, string activity, string instanceId, int taskId);

    [LoggerMessage(113, LogLevel.Information, "Activity '{Activity}' of instance '{InstanceId}' (#{TaskId}) was interrupted by the host's end; it runs again after the next start.")]
    private partial void LogInterrupted(Exception reason, string activity, string instanceId, int taskId);

    [LoggerMessage(112, LogLevel.Error, "Activity '{Activity}' of instance '{InstanceId}' does not exist.")]
    private partial void LogUnknown(string activity, string instanceId);
}
