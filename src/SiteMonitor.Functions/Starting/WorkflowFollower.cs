using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.Workflows;

namespace SiteMonitor.Functions.Starting;

/// <summary>Switches GitHub's workflows after a phase change or rollback that has been made. The flags are what counts: a workflow that cannot be switched is told, and holds nothing up.</summary>
public sealed partial class WorkflowFollower(WorkflowControl workflows, ILogger<WorkflowFollower> logger)
{
    /// <summary>As long as an operator's answer waits for GitHub; what is not switched by then, the guard's next minute switches.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly string[] Operations = ["advance", "rollback", "resume", "no-go"];

    /// <summary>The operation's result with a line for each workflow.</summary>
    public async Task<OperationResult> FollowAsync(string operation, OperatorRequest request, OperationResult result, CancellationToken cancellationToken) =>
        result with { Lines = [.. result.Lines, .. await FollowAsync(operation, request.Operator, request.Reason, cancellationToken)] };

    /// <summary>Follows what nobody has followed yet: a rollback by the guard or in the portal, an advance that a crash cut short.</summary>
    public Task CatchUpAsync(string by, CancellationToken cancellationToken) =>
        TryAsync("a change of phase or flags", () => workflows.CatchUpAsync(by, cancellationToken));

    private async Task<IReadOnlyList<string>> FollowAsync(string operation, string by, string reason, CancellationToken cancellationToken)
    {
        if (!Operations.Contains(operation, StringComparer.OrdinalIgnoreCase))
        {
            return [];
        }

        using CancellationTokenSource timeout = new(Patience, TimeProvider.System);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await TryAsync(operation, async () => await workflows.FollowAsync(new OperatorRequest { Operator = by, Reason = $"{operation}: {reason}" }, both.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [$"GitHub takes longer than {Patience.TotalSeconds:0} s to switch its workflows: the guard goes on with it each minute."];
        }
    }

    private async Task<IReadOnlyList<string>> TryAsync(string after, Func<Task<OperationResult?>> follow)
    {
        try
        {
            return (await follow())?.Lines ?? [];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.NotSwitched(logger, after, exception);
            return ["The GitHub workflows could not be switched: see the log; the guard tries again, or use 'workflows follow'."];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(411, LogLevel.Warning, "GitHub's workflows were not switched after {Operation}")]
        public static partial void NotSwitched(ILogger logger, string operation, Exception exception);
    }
}
