using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Workflows;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>
/// Switches GitHub's workflows after a phase change or rollback. The flags decide what runs,
/// so a workflow that cannot be switched is reported and blocks nothing.
/// </summary>
public sealed partial class WorkflowSynchronizer(WorkflowControl workflows, ILogger<WorkflowSynchronizer> logger)
{
    /// <summary>
    /// How long an operator's request, or the guard's minute, waits for GitHub. The guard's next minute switches the rest.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(15);

    private static readonly string[] BackwardOperations = ["rollback", "no-go", "back"];
    private static readonly string[] ForwardOperations = ["advance", "resume"];

    /// <summary>
    /// Switches workflows after an operation and adds a line for each. After a step forward it waits until the flags are written.
    /// </summary>
    public async Task<OperationResult> ApplyAsync(
        string operation, OperatorRequest request, OperationResult result, CancellationToken cancellationToken)
    {
        bool isBackward = BackwardOperations.Contains(operation, StringComparer.OrdinalIgnoreCase);
        bool isForward = result.Code == OperationResult.DoneCode && ForwardOperations.Contains(operation, StringComparer.OrdinalIgnoreCase);
        if (!isBackward && !isForward)
        {
            return result;
        }

        OperatorRequest switching = new() { Operator = request.Operator, Reason = $"{operation}: {request.Reason}" };
        IReadOnlyList<string> lines = await TryAsync(
            operation, async token => await workflows.ApplyCurrentPhaseAsync(switching, token), cancellationToken);
        return result with { Lines = [.. result.Lines, .. lines] };
    }

    /// <summary>
    /// Switches what has not been switched yet: after a rollback by the guard or in the portal, or an interrupted advance.
    /// </summary>
    public Task ReconcileAsync(string by, CancellationToken cancellationToken) =>
        TryAsync("a change of phase or flags", token => workflows.ReconcileAsync(by, token), cancellationToken);

    private async Task<IReadOnlyList<string>> TryAsync(
        string operation, Func<CancellationToken, Task<OperationResult?>> switchWorkflows, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(MaxWait, TimeProvider.System);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return (await switchWorkflows(linked.Token))?.Lines ?? [];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [$"GitHub took longer than {MaxWait.TotalSeconds:0} s to switch its workflows: the guard continues each minute."];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.NotSwitched(logger, operation, exception);
            return ["The GitHub workflows could not be switched: see the log. The guard tries again, or use 'workflows follow'."];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(411, LogLevel.Warning, "GitHub's workflows were not switched after {Operation}")]
        public static partial void NotSwitched(ILogger logger, string operation, Exception exception);
    }
}
