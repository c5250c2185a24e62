using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>What an operator asks for: the body of the rollout routes.</summary>
public sealed record OperatorRequest
{
    /// <summary>Who asks; recorded in the audit log.</summary>
    public string Operator { get; init; } = string.Empty;

    public string Reason { get; init; } = string.Empty;

    /// <summary>Shows what would happen and changes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Advances although the gate is not met, or resumes although the incident is not acknowledged; needs a reason.</summary>
    public bool Force { get; init; }

    /// <summary>Sets flags that somebody changed outside as the plan says.</summary>
    public bool OverwriteDrift { get; init; }

    /// <summary>The phase the operator believes the rollout is in; a different one refuses the change. Empty: not checked.</summary>
    public string Phase { get; init; } = string.Empty;

    /// <summary>For a partial rollback: <c>analysis</c> or <c>preparation</c>. Empty: everything.</summary>
    public string Stage { get; init; } = string.Empty;

    /// <summary>For confirm and withdraw.</summary>
    public string Criterion { get; init; } = string.Empty;

    /// <summary>For beta issues: <c>owner/name</c>; empty takes the first configured repository.</summary>
    public string Repository { get; init; } = string.Empty;

    /// <summary>For workflows: <c>old</c> or <c>new</c>; empty: both, to enable them; to disable some, say which.</summary>
    public string Workflows { get; init; } = string.Empty;

    /// <summary>For incidents: whether it concerns security.</summary>
    public bool Security { get; init; }

    /// <summary>The refusal of a request that does not say who asks; null when it does.</summary>
    public OperationResult? FindMissingName() => string.IsNullOrWhiteSpace(Operator)
        ? OperationResult.Invalid("The operator's name is missing; the audit log needs it.",
            "Give your name: --operator, or \"operator\" in the body")
        : null;

    /// <summary>Lets <paramref name="prepare"/> edit the rollout's state and saves the edit, unless this is a dry run.</summary>
    /// <param name="prepare">May be called several times, each time with the current state.</param>
    /// <returns>Invalid without a name, conflict if others keep saving, else as prepared: planned for a dry run, otherwise done.</returns>
    public async Task<OperationResult> ApplyAsync(
        RolloutStateRepository states, Func<RolloutEdit, CancellationToken, Task<OperationResult>> prepare,
        CancellationToken cancellationToken, int maxTries = RolloutStateRepository.DefaultTries)
    {
        if (FindMissingName() is { } missing)
        {
            return missing;
        }

        OperationResult? result = null;
        RolloutState? saved = await states.UpdateAsync(
            async (edit, token) =>
            {
                result = await prepare(edit, token);
                if (DryRun)
                {
                    edit.Discard();
                }
            },
            cancellationToken,
            maxTries);
        if (saved is null)
        {
            return OperationResult.Conflict(
                "The rollout is being changed concurrently; nothing was done.", "rollout status, then try again");
        }

        return result!.Code != OperationResult.PlannedCode ? result
            : DryRun ? result with { Next = "Run it without --dry-run to do it." } : result with { Code = OperationResult.DoneCode };
    }
}
