using Microsoft.DurableTask;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>What an orchestrator sees of the engine.</summary>
internal sealed class OrchestrationContext(OrchestrationExecution execution, ExecutionSetup setup) : TaskOrchestrationContext
{
    private int _guids;

    public override TaskName Name { get; } = new(setup.Name);

    public override string InstanceId => setup.InstanceId;

    public override ParentOrchestrationInstance? Parent { get; } =
        setup.Parent is { } parent ? new ParentOrchestrationInstance(new TaskName(parent.Name), parent.Id) : null;

    public override DateTime CurrentUtcDateTime => execution.Now;

    public override bool IsReplaying => execution.IsReplaying;

    public override string Version => setup.Version;

    protected override ILoggerFactory LoggerFactory => setup.LoggerFactory;

    private DataConverter Converter => setup.Options.DataConverter;

    public override T GetInput<T>() => Converter.Deserialize<T>(setup.Input)!;

    public override Guid NewGuid() => DeterministicGuid.Create(InstanceId, setup.Generation, CurrentUtcDateTime, _guids++);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        RefuseOptionsAsInput(input, options);
        string? payload = Serialize(input, "input");
        return CallAsync<TResult>(
            name,
            options?.Retry,
            () => execution.Open(new HistoryEvent(HistoryEventKind.TaskScheduled) { TaskId = execution.NextTaskId(), Name = name.Name, Payload = payload }));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        RefuseOptionsAsInput(input, options);
        SubOrchestrationOptions? sub = options as SubOrchestrationOptions;
        string child = sub?.InstanceId ?? NewGuid().ToString("N");
        string version = sub?.Version is { } given ? given.Version : setup.Options.DefaultVersion;
        string? tags = options?.Tags is { Count: > 0 } given2 ? Tags.Write(given2) : null;
        string? payload = Serialize(input, "input");
        return CallAsync<TResult>(
            orchestratorName,
            options?.Retry,
            () => execution.Open(new HistoryEvent(HistoryEventKind.SubOrchestrationScheduled)
            {
                TaskId = execution.NextTaskId(),
                Name = orchestratorName.Name,
                Payload = payload,
                InstanceId = child,
                Version = version,
                Tags = tags,
            }));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        int id = execution.NextTaskId();
        Task timer = execution.Open(new HistoryEvent(HistoryEventKind.TimerCreated) { TaskId = id, Time = fireAt.ToUniversalTime() });
        cancellationToken.Register(() => execution.CancelTimer(id, cancellationToken));
        return timer;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return execution.WaitForEvent<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        execution.Ask(new HistoryEvent(HistoryEventKind.EventSent)
        {
            TaskId = execution.NextTaskId(),
            InstanceId = instanceId,
            Name = eventName,
            Payload = Serialize(payload, "event"),
        });
    }

    public override void SetCustomStatus(object? customStatus) => execution.SetCustomStatus(Converter.Serialize(customStatus));

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        execution.ContinueAsNew(options);
    }

    private static void RefuseOptionsAsInput(object? input, TaskOptions? options)
    {
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException(
                $"A {nameof(TaskOptions)} value was provided for the activity input but no value was provided for {nameof(options)}. "
                + $"Did you actually mean to provide a {nameof(TaskOptions)} value for the {nameof(options)} parameter?",
                nameof(input));
        }
    }

    private async Task<TResult> CallAsync<TResult>(TaskName name, TaskRetryOptions? retry, Func<Task<string?>> call)
    {
        string? result = retry is null ? await call() : await TaskRetry.RunAsync(this, name, retry, call);
        return Converter.Deserialize<TResult>(result)!;
    }

    private string? Serialize(object? value, string what) => Payloads.Check(Converter.Serialize(value), what, setup.Options);
}
