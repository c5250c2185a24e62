using DurableTask.Core;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using ContinueAsNewOptions = Microsoft.DurableTask.ContinueAsNewOptions;

namespace DurableTask.Sqlite.Hosting;

/// <summary>
/// The framework's context with two additions, which the Functions worker makes as well: the input is read as the type that the
/// orchestrator asks for, and an orchestrator that leaves the orchestration thread is found out.
/// </summary>
internal sealed class OrchestratorContext(TaskOrchestrationContext inner, string? input, DataConverter converter, ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    private readonly List<Task> _open = [];

    /// <summary>Whether any task that this context gave out is not completed.</summary>
    public bool HasOpenTasks => _open.Exists(t => !t.IsCompleted);

    public override TaskName Name => inner.Name;
    public override string InstanceId => inner.InstanceId;
    public override string Version => inner.Version;
    public override ParentOrchestrationInstance? Parent => inner.Parent;
    public override DateTime CurrentUtcDateTime => inner.CurrentUtcDateTime;
    public override bool IsReplaying => inner.IsReplaying;
    public override IReadOnlyDictionary<string, object?> Properties => inner.Properties;
    protected override ILoggerFactory LoggerFactory => loggers;

    /// <summary>The framework's context, for what an orchestrator may do on its own thread only.</summary>
    private TaskOrchestrationContext Checked => OrchestrationContext.IsOrchestratorThread
        ? inner
        : throw new InvalidOperationException(OrchestratorRunner.ForeignTaskMessage);

    public override T? GetInput<T>()
        where T : default => input is null ? default : converter.Deserialize<T>(input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null) =>
        Track(Checked.CallActivityAsync<TResult>(name, input, options));

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        Track(Checked.CallSubOrchestratorAsync<TResult>(orchestratorName, input, options));

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) =>
        Track(Checked.CreateTimer(fireAt, cancellationToken));

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) =>
        Track(Checked.WaitForExternalEvent<T>(eventName, cancellationToken));

    public override void SendEvent(string instanceId, string eventName, object payload) =>
        Checked.SendEvent(instanceId, eventName, payload);
    public override void SetCustomStatus(object? customStatus) => Checked.SetCustomStatus(customStatus);
    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        inner.ContinueAsNew(newInput, preserveUnprocessedEvents);
    public override void ContinueAsNew(ContinueAsNewOptions options) => inner.ContinueAsNew(options);
    public override Guid NewGuid() => inner.NewGuid();

    private TTask Track<TTask>(TTask task)
        where TTask : Task
    {
        _open.Add(task);
        return task;
    }
}
