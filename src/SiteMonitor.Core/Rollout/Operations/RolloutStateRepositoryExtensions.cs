using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Applies operators' requests to the rollout's state.</summary>
public static class RolloutStateRepositoryExtensions
{
    /// <summary>Lets <paramref name="prepare"/> edit the state and saves the edit, unless the request is a dry run.</summary>
    /// <param name="prepare">May be called several times, each time with the current state.</param>
    public static async Task<OperationResult> ApplyAsync(
        this RolloutStateRepository states,
        OperatorRequest request,
        Func<RolloutEdit, CancellationToken, Task<OperationResult>> prepare,
        CancellationToken cancellationToken,
        int maxTries = RolloutStateRepository.DefaultTries)
    {
        if (request.FindMissingName() is { } missing)
        {
            return missing;
        }

        OperationResult? result = null;
        RolloutState? saved = await states.UpdateAsync(
            async (edit, token) =>
            {
                result = await prepare(edit, token);
                if (request.DryRun)
                {
                    edit.Discard();
                }
            },
            cancellationToken,
            maxTries);
        return saved is null
                ? OperationResult.Conflict(
                    "The rollout is being changed concurrently; nothing was done.", "rollout status, then try again")
            : result!.Code != OperationResult.PlannedCode ? result
            : request.DryRun ? result with { Next = "Run it without --dry-run to do it." }
            : result with { Code = OperationResult.DoneCode };
    }
}
