using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Activities;

/// <summary>Assigns the Copilot coding agent with the user's token.</summary>
public sealed class AssignCopilot(ActivityExecutor executor)
{
    [Function(nameof(AssignCopilot))]
    public Task<ActivityResult<CopilotAssignment>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(AssignCopilot), input, tracker => tracker.AssignCopilotAsync(input.Ref, input.NodeId, cancellationToken));
}
