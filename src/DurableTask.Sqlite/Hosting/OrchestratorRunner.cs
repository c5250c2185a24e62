using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.History;
using DurableTask.Core.Middleware;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Microsoft.Extensions.Logging;
using CoreParentInstance = DurableTask.Core.ParentInstance;

namespace DurableTask.Sqlite.Hosting;

/// <summary>The middleware of the orchestration dispatcher: runs one turn of an orchestrator and checks its outcome.</summary>
internal sealed class OrchestratorRunner(
    TaskHubFunctions functions, EmbeddedTaskHubOptions options, DurableTaskWorkerOptions workerOptions, ILoggerFactory loggers)
{
    internal const string ForeignTaskMessage =
        "An invalid asynchronous invocation was detected. An orchestrator may await only the tasks of its context: not Task.Delay, "
        + "Task.Run, I/O, CancelAsync or ConfigureAwait(false), since a replay could not repeat what they do. "
        + "Move such work into an activity.";

    private readonly DurableTaskShimFactory _shims = new(workerOptions, loggers);

    /// <summary>Runs the orchestrator on the history and the new events; the dispatcher takes the result from the context.</summary>
    public Task RunAsync(DispatchMiddlewareContext context, Func<Task> next)
    {
        OrchestrationRuntimeState state = context.GetProperty<OrchestrationRuntimeState>();
        context.SetProperty(Run(state));
        return next();
    }

    private OrchestratorExecutionResult Run(OrchestrationRuntimeState state)
    {
        if (functions.FindOrchestrator(state.Name) is not { } orchestrator)
        {
            return Failure(state, "OrchestratorTaskNotFound", $"No orchestrator task named '{state.Name}' was found.");
        }

        Orchestrator implementation = new(orchestrator, state.Input, options.DataConverter, loggers);
        TaskOrchestration shim = _shims.CreateOrchestration(state.Name, implementation, Parent(state.ParentInstance));
        TaskOrchestrationExecutor executor = new(
            state, shim, BehaviorOnContinueAsNew.Carryover, entityParameters: null, ErrorPropagationMode.UseFailureDetails);
        OrchestratorExecutionResult result = executor.Execute();
        if (!executor.IsCompleted && implementation.Context is { HasOpenTasks: false } && !result.Actions.Any())
        {
            return Failure(state, typeof(InvalidOperationException).FullName!, ForeignTaskMessage);
        }

        int statusBytes = (result.CustomStatus?.Length ?? 0) * sizeof(char);
        return statusBytes <= options.MaxCustomStatusBytes ? result : Failure(
            state,
            typeof(ArgumentException).FullName!,
            $"The size of the JSON-serialized custom status must not exceed {options.MaxCustomStatusBytes / 1024} KB. "
            + $"The current payload is at {statusBytes / 1024} KB.");
    }

    /// <summary>Fails the instance; its custom status stays what it was.</summary>
    private static OrchestratorExecutionResult Failure(OrchestrationRuntimeState state, string type, string message) => new()
    {
        CustomStatus = state.Status,
        Actions =
        [
            new OrchestrationCompleteOrchestratorAction
            {
                Id = state.Events.Max(e => e.EventId) + 1,
                OrchestrationStatus = OrchestrationStatus.Failed,
                FailureDetails = new FailureDetails(type, message, null, null, isNonRetriable: true),
            },
        ],
    };

    private static ParentOrchestrationInstance? Parent(CoreParentInstance? parent) =>
        parent is null ? null : new ParentOrchestrationInstance(parent.Name, parent.OrchestrationInstance.InstanceId);

    /// <summary>One execution of an orchestrator function.</summary>
    private sealed class Orchestrator(
        Func<TaskOrchestrationContext, Task<object?>> run, string? input, DataConverter converter, ILoggerFactory loggers)
        : ITaskOrchestrator
    {
        public OrchestratorContext? Context { get; private set; }

        public Type InputType => typeof(object);

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskOrchestrationContext context, object? ignored)
        {
            Context = new OrchestratorContext(context, input, converter, loggers);
            return run(Context);
        }
    }
}
