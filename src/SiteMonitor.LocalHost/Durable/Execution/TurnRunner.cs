using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.History;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>Gives an instance its mail, and has what comes of it written.</summary>
internal sealed partial class TurnRunner(EngineCore core, ILogger logger)
{
    /// <summary>The last turn is left for the failure itself.</summary>
    private const long LongestHistory = Schema.TurnsPerInstance - 1;

    private static readonly TimeSpan s_readAgainAfter = TimeSpan.FromSeconds(1);

    public void Run(Instance instance)
    {
        List<InstanceMessage> mail = instance.TakeMail();
        try
        {
            if (instance.IsTerminal)
            {
                Refuse(instance, mail);
            }
            else if (instance.Turns >= LongestHistory)
            {
                Fail(instance, mail, OrchestratorFaults.HistoryTooLong(instance.Turns));
            }
            else if (VersionMatch.Mismatch(core.Options, instance.Version) is not { } mismatch)
            {
                RunTurn(instance, mail);
            }
            else if (core.Options.VersionFailureStrategy is VersionFailureStrategy.Fail)
            {
                Fail(instance, mail, mismatch);
            }
            else
            {
                LogParked(instance.Id, mismatch.Message);
                new ParkedTurn(core, instance).Run(mail);
            }
        }
        catch (StorageException failure)
        {
            LogUnreadable(failure, instance.Id);
            instance.ReturnMail(mail);
            _ = RunLaterAsync(instance);
            return;
        }
#pragma warning disable CA1031 // A fault of ours must cost one instance, not the process.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFault(failure, instance.Id);
            Fail(instance, mail, Failure.From(failure));
        }

        if (instance.EndTurn())
        {
            core.Turns.Enqueue(instance);
        }
        else
        {
            core.Busy.Exit();
        }
    }

    private async Task RunLaterAsync(Instance instance)
    {
        await Task.Delay(s_readAgainAfter, TimeProvider.System);
        core.Turns.Enqueue(instance);
    }

    private void RunTurn(Instance instance, List<InstanceMessage> mail)
    {
        if (core.Options.MaxLiveOrchestrations == 0)
        {
            instance.DropWritten();
        }

        OrchestrationExecution execution = instance.Execution ??= Load(instance);
        core.Live.Use(instance);
        DateTime now = core.Clock.GetUtcNow().UtcDateTime;
        now = instance.LastTurn = now > instance.LastTurn ? now : instance.LastTurn;

        List<HistoryEvent> events = [new HistoryEvent(HistoryEventKind.TurnStarted) { Time = now }];
        execution.Handle(events[0]);
        Hand(instance, execution, mail, events);
        TurnOutcome outcome = execution.EndTurn();
        core.Metrics.Turn();
        if (events.Count == 1 && outcome.Actions.Count == 0 && outcome.Status == instance.Status && !outcome.CustomStatusChanged && mail.All(m => m.InboxSequence == 0))
        {
            return;
        }

        new TurnCompletion(core, instance, outcome, now).Write(events, mail);
        if (outcome.Failure is { } failure)
        {
            LogFailed(instance.Name, instance.Id, failure.Type, failure.Message);
        }
    }

    private static void Hand(Instance instance, OrchestrationExecution execution, List<InstanceMessage> mail, List<HistoryEvent> events)
    {
        foreach (InstanceMessage message in mail)
        {
            if (message.Event is not { } step || (message.Generation >= 0 && message.Generation != instance.Generation) || !execution.Expects(step))
            {
                continue;
            }

            if (step.Kind is HistoryEventKind.TimerFired)
            {
                instance.Timers.Remove(step.TaskId);
            }

            events.Add(step);
            execution.Handle(step);
        }
    }

    private void Fail(Instance instance, List<InstanceMessage> mail, Failure failure)
    {
        TurnOutcome outcome = new(OrchestrationRuntimeStatus.Failed, []) { Failure = failure, Output = failure.ToString() };
        new TurnCompletion(core, instance, outcome, instance.LastTurn).Write([], mail);
    }

    private OrchestrationExecution Load(Instance instance)
    {
        if (instance.Turns == 0)
        {
            return core.NewExecution(instance, instance.FirstInput);
        }

        InstanceRecord record = core.Reader.Find(instance.Key) ?? throw new StorageException(11, $"The row of instance '{instance.Id}' is gone.");
        OrchestrationExecution execution = core.NewExecution(instance, record.Input);
        execution.Replay(core.Reader.History(instance.Key).Events);
        core.Metrics.Replayed();
        return execution;
    }

    private void Refuse(Instance instance, List<InstanceMessage> mail)
    {
        foreach (InstanceMessage message in mail)
        {
            message.Handled?.TrySetException(Refusals.Finished(instance.Id, message.Event!.Kind));
        }

        long[] received = [.. mail.Where(m => m.InboxSequence > 0).Select(m => m.InboxSequence)];
        if (received.Length > 0)
        {
            core.Busy.Enter();
            core.Writer.Enqueue(new InboxWrite(core.Busy, received));
        }
    }

    [LoggerMessage(121, LogLevel.Warning, "Orchestration '{Name}' with id '{InstanceId}' failed: {FailureType}: {FailureMessage}")]
    private partial void LogFailed(string name, string instanceId, string failureType, string failureMessage);

    [LoggerMessage(123, LogLevel.Critical, "The engine could not run instance '{InstanceId}'; it fails.")]
    private partial void LogFault(Exception failure, string instanceId);

    [LoggerMessage(124, LogLevel.Warning, "Instance '{InstanceId}' waits for another host: {Reason}")]
    private partial void LogParked(string instanceId, string reason);

    [LoggerMessage(122, LogLevel.Error, "The history of instance '{InstanceId}' could not be read; it is tried again.")]
    private partial void LogUnreadable(Exception failure, string instanceId);
}
