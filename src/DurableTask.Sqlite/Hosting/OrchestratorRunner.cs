using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.Middleware;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Microsoft.Extensions.Logging;

namespace DurableTask.Sqlite.Hosting;

/// <summary>The middleware of the orchestration dispatcher: runs one turn of an orchestrator and checks its outcome.</summary>
internal sealed class OrchestratorRunner(TaskHubFunctions functions, DurableTaskWorkerOptions options, ILoggerFactory loggers)
{
    internal const string ForeignTaskMessage =
        "An invalid asynchronous invocation was detected. An orchestrator may await only the tasks of its context: not Task.Delay, "
        + "Task.Run, I/O, CancelAsync or ConfigureAwait(false), since a replay could not repeat what they do. "
        + "Move such work into an activity.";

    /// <summary>Largest custom status, as in Durable Functions.</summary>
    private const int MaxCustomStatusKilobytes = 16;

    private readonly DurableTaskShimFactory _shims = new(options, loggers);

    /// <summary>Runs the orchestrator on the history and the new events; the dispatcher takes the result from the context.</summary>
    public Task RunAsync(DispatchMiddlewareContext context, Func<Task> next)
    {
        context.SetProperty(Run(context.GetProperty<OrchestrationRuntimeState>()));
        return next();
    }

    private OrchestratorExecutionResult Run(OrchestrationRuntimeState state)
    {
        if (!functions.Orchestrators.TryGetValue(state.Name, out Func<TaskOrchestrationContext, Task<object?>>? function))
        {
            return Failure(state, "OrchestratorTaskNotFound", $"No orchestrator task named '{state.Name}' was found.");
        }

        OrchestratorContext? context = null;
        ParentOrchestrationInstance? parent = state.ParentInstance is { } p ? new(p.Name, p.OrchestrationInstance.InstanceId) : null;
        TaskOrchestration orchestration = _shims.CreateOrchestration<object, object>(
            state.Name,
            (inner, _) => function(context = new OrchestratorContext(inner, state.Input, options.DataConverter, loggers)),
            parent);
        TaskOrchestrationExecutor executor = new(
            state, orchestration, BehaviorOnContinueAsNew.Carryover, entityParameters: null, ErrorPropagationMode.UseFailureDetails);
        OrchestratorExecutionResult result = executor.Execute();
        if (!executor.IsCompleted && context is { HasOpenTasks: false } && !result.Actions.Any())
        {
            return Failure(state, typeof(InvalidOperationException).FullName!, ForeignTaskMessage);
        }

        int kilobytes = (result.CustomStatus?.Length ?? 0) * sizeof(char) / 1024;
        return kilobytes <= MaxCustomStatusKilobytes ? result : Failure(
            state,
            typeof(ArgumentException).FullName!,
            $"The size of the JSON-serialized custom status must not exceed {MaxCustomStatusKilobytes} KB. "
            + $"The current payload is at {kilobytes} KB.");
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
}
