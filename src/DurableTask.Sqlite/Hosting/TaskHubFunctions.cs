using Microsoft.DurableTask;

namespace DurableTask.Sqlite.Hosting;

/// <summary>Runs an activity.</summary>
/// <param name="input">Its deserialized input.</param>
/// <param name="stopping">Cancelled when the host stops; what the activity throws then is no failure: it runs again later.</param>
public delegate Task<object?> ActivityFunction(TaskActivityContext context, object? input, CancellationToken stopping);

/// <summary>The orchestrators and activities of a task hub, by name (case makes no difference). Filled before the hub starts.</summary>
public class TaskHubFunctions
{
    internal Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> Orchestrators { get; } =
        new(StringComparer.OrdinalIgnoreCase);

    internal Dictionary<string, (Type InputType, ActivityFunction Run)> Activities { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">There is an orchestrator of that name.</exception>
    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run) => Orchestrators.Add(name, run);

    /// <exception cref="ArgumentException">There is an activity of that name.</exception>
    public virtual void AddActivity(string name, Type inputType, ActivityFunction run) => Activities.Add(name, (inputType, run));
}
