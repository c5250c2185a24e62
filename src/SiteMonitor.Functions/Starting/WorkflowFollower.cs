using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.Workflows;

namespace SiteMonitor.Functions.Starting;

/// <summary>Switches GitHub's workflows after a phase change or rollback that has been made. The flags are what counts: a workflow that cannot be switched is told, and holds nothing up.</summary>
public sealed partial class WorkflowFollower(WorkflowControl workflows, ILogger<WorkflowFollower> logger)
{
    private static readonly string[] Operations = ["advance", "rollback", "resume", "no-go"];

    /// <summary>The operation's result with a line for each workflow.</summary>
    public async Task<OperationResult> FollowAsync(string operation, OperatorRequest request, OperationResult result, CancellationToken cancellationToken) =>
        result with { Lines = [.. result.Lines, .. await FollowAsync(operation, request.Operator, request.Reason, cancellationToken)] };

    public async Task<IReadOnlyList<string>> FollowAsync(string operation, string by, string reason, CancellationToken cancellationToken)
    {
        if (!Operations.Contains(operation, StringComparer.OrdinalIgnoreCase))
        {
            return [];
        }

        try
        {
            return (await workflows.FollowAsync(new OperatorRequest { Operator = by, Reason = $"{operation}: {reason}" }, cancellationToken)).Lines;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.NotSwitched(logger, operation, exception);
            return ["The GitHub workflows could not be switched: see the log, or use 'workflows enable|disable'."];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(411, LogLevel.Warning, "GitHub's workflows were not switched after {Operation}")]
        public static partial void NotSwitched(ILogger logger, string operation, Exception exception);
    }
}
