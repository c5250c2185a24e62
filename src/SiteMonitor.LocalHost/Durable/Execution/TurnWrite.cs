using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.History;
using SiteMonitor.LocalHost.Durable.Scheduling;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>All that one turn changed, and what may happen once it is on disk.</summary>
internal sealed class TurnWrite(EngineCore core, Instance instance, TurnOutcome outcome) : StoreWrite
{
    public required int Turn { get; init; }

    public required int Generation { get; init; }

    public required string Version { get; init; }

    public required DateTime Time { get; init; }

    public required IReadOnlyList<HistoryEvent> Events { get; init; }

    /// <summary>Clients that wait for what they asked to be handled.</summary>
    public required IReadOnlyList<TaskCompletionSource> Handled { get; init; }

    public required IReadOnlyList<long> Received { get; init; }

    public List<InboxRow> Sent { get; } = [];

    public List<(InstanceRecord Record, Instance Instance)> Children { get; } = [];

    public List<ActivityWork> Activities { get; } = [];

    private bool IsTerminal => InstanceRecord.IsTerminalStatus(outcome.Status);

    public override void Apply(InstanceStore store)
    {
        foreach ((InstanceRecord child, _) in Children)
        {
            store.Insert(child);
        }

        if (outcome.CustomStatusChanged)
        {
            store.Report(instance.Key, outcome.Status, Time, outcome.CustomStatus);
        }

        if (outcome.Renewal is { } renewal)
        {
            store.Renew(instance.Key, Generation, Version, renewal.Input);
        }

        if (Events.Count > 0)
        {
            store.Append(instance.Key, Turn, Events);
        }

        if (IsTerminal)
        {
            store.Finish(instance.Key, outcome.Status, Time, outcome.Output);
        }
        else if (!outcome.CustomStatusChanged)
        {
            store.Touch(instance.Key, outcome.Status, Time);
        }

        foreach (InboxRow row in Sent)
        {
            store.Send(row);
        }

        foreach (long sequence in Received)
        {
            store.Receive(sequence);
        }
    }

    public override void Committed()
    {
        instance.WriteCommitted();
        foreach ((_, Instance child) in Children)
        {
            child.WriteCommitted();
            core.Report(child, OrchestrationRuntimeStatus.Pending);
        }

        if (IsTerminal)
        {
            core.Forget(instance);
        }

        foreach (ActivityWork activity in Activities)
        {
            core.Activities.Enqueue(activity);
        }

        core.Report(instance, outcome.Status);
        foreach (TaskCompletionSource handled in Handled)
        {
            handled.TrySetResult();
        }

        core.Live.Trim();
        core.Busy.Exit();
    }

    public override void Refused(StorageException failure)
    {
        foreach (TaskCompletionSource handled in Handled)
        {
            handled.TrySetException(Refusals.Storage(failure.Message));
        }
    }
}
