using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Core.Middleware;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker.Shims;
using CoreTaskActivity = DurableTask.Core.TaskActivity;

namespace DurableTask.Sqlite.Hosting;

/// <summary>The middleware of the activity dispatcher: runs an activity and tells what became of it.</summary>
internal sealed class ActivityRunner(
    TaskHubFunctions functions, EmbeddedTaskHubOptions options, DurableTaskShimFactory shims, CancellationToken stopping)
{
    private readonly Dictionary<string, CoreTaskActivity> _activities = functions.Activities.ToDictionary(
        a => a.Key,
        a => shims.CreateActivity(a.Key, new Activity(a.Value.InputType, a.Value.Run, stopping)),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Runs the activity. The dispatcher takes the result from the context, so the rest of the pipeline has nothing to do.
    /// </summary>
    /// <exception cref="SessionAbortedException">The host's stop has broken the run off: it has no result and is repeated.</exception>
    public async Task RunAsync(DispatchMiddlewareContext context, Func<Task> next)
    {
        TaskScheduledEvent scheduled = context.GetProperty<TaskScheduledEvent>();
        TaskContext task = new(context.GetProperty<OrchestrationInstance>(), scheduled.Name!, scheduled.Version, scheduled.EventId);
        context.SetProperty(new ActivityExecutionResult { ResponseEvent = await RunAsync(scheduled, task) });
    }

    private async Task<HistoryEvent> RunAsync(TaskScheduledEvent scheduled, TaskContext task)
    {
        if (!_activities.TryGetValue(scheduled.Name!, out CoreTaskActivity? activity))
        {
            // As on the Functions host.
            return Failed(scheduled, new FailureDetails("(unknown)", "(unknown)", null, null, isNonRetriable: true));
        }

        try
        {
            string? result = await activity.RunAsync(task, scheduled.Input);
            return new TaskCompletedEvent(-1, scheduled.EventId, options.CheckSize(result, "result"));
        }
        catch (Exception failure) when (stopping.IsCancellationRequested)
        {
            throw new SessionAbortedException("The host stops; the activity runs again at the next start.", failure);
        }
#pragma warning disable CA1031 // Whatever an activity throws is its failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Failed(scheduled, options.DescribeFailure(failure));
        }
    }

    private static TaskFailedEvent Failed(TaskScheduledEvent scheduled, FailureDetails details) =>
        new(-1, scheduled.EventId, details.ErrorMessage, details: null, details);

    private sealed class Activity(Type inputType, ActivityFunction run, CancellationToken stopping) : ITaskActivity
    {
        public Type InputType => inputType;

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskActivityContext context, object? input) => run(context, input, stopping);
    }
}
