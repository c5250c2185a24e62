using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.Operations;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Switches GitHub's workflows after a phase change or rollback that has been made. The flags are what counts: a workflow that cannot be switched is told, and holds nothing up.</summary>
public sealed partial class WorkflowSynchronizer(WorkflowControl workflows, ILogger<WorkflowSynchronizer> logger)
{
    /// <summary>As long as an operator's answer, or the guard's minute, waits for GitHub; what is not switched by then, the guard's next minute switches.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly string[] TakingBack = ["rollback", "no-go"];
    private static readonly string[] Forward = ["advance", "resume"];

    /// <summary>The operation's result with a line for each workflow. A change forward is followed when its flags are written, by the guard's minute if not now.</summary>
    public async Task<OperationResult> FollowAsync(string operation, OperatorRequest request, OperationResult result, CancellationToken cancellationToken)
    {
        bool takesBack = TakingBack.Contains(operation, StringComparer.OrdinalIgnoreCase);
        if (!takesBack && !(result.Code == OperationResult.DoneCode && Forward.Contains(operation, StringComparer.OrdinalIgnoreCase)))
        {
            return result;
        }

        OperatorRequest follow = new() { Operator = request.Operator, Reason = $"{operation}: {request.Reason}" };
        IReadOnlyList<string> lines = await TryAsync(operation, async token => await workflows.ApplyCurrentPhaseAsync(follow, token), cancellationToken);
        return result with { Lines = [.. result.Lines, .. lines] };
    }

    /// <summary>Follows what nobody has followed yet: a rollback by the guard or in the portal, an advance that a crash cut short.</summary>
    public Task CatchUpAsync(string by, CancellationToken cancellationToken) =>
        TryAsync("a change of phase or flags", token => workflows.ReconcileAsync(by, token), cancellationToken);

    private async Task<IReadOnlyList<string>> TryAsync(string after, Func<CancellationToken, Task<OperationResult?>> follow, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(Patience, TimeProvider.System);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return (await follow(both.Token))?.Lines ?? [];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [$"GitHub takes longer than {Patience.TotalSeconds:0} s to switch its workflows: the guard goes on with it each minute."];
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
