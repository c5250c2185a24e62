using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.History;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>
/// Mail to an instance that waits for a host of another version. What clients send is kept on disk for that host; a termination needs no orchestrator and is done here.
/// What other instances sent is on disk already.
/// </summary>
internal sealed class ParkedTurn(EngineCore core, Instance instance)
{
    public void Run(List<InstanceMessage> mail)
    {
        DateTime now = core.Clock.GetUtcNow().UtcDateTime;
        if (mail.Find(m => m.Event?.Kind is HistoryEventKind.Terminated) is { Event: { } termination })
        {
            TurnOutcome outcome = new(OrchestrationRuntimeStatus.Terminated, []) { Output = termination.Payload };
            new TurnCompletion(core, instance, outcome, now).Write([new HistoryEvent(HistoryEventKind.TurnStarted) { Time = now }, termination], mail);
            return;
        }

        List<InstanceMessage> kept = [.. mail.Where(m => m.Handled is not null)];
        if (kept.Count == 0)
        {
            return;
        }

        TurnWrite write = new(core, instance, new TurnOutcome(instance.Status, []))
        {
            Turn = instance.Turns,
            Generation = instance.Generation,
            Version = instance.Version,
            Time = now,
            Events = [],
            Handled = [.. kept.Select(m => m.Handled!)],
            Received = [],
        };
        write.Sent.AddRange(kept.Select(m => new InboxRow(core.NextInboxSequence(), instance.Key, -1, m.Event!)));
        instance.WriteQueued();
        core.Busy.Enter();
        core.Writer.Enqueue(write);
    }
}
