using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Activities;

/// <summary>Assigns the Copilot coding agent, with its own credential.</summary>
public sealed class AssignCopilot(ActivityExecutor runner)
{
    [Function(nameof(AssignCopilot))]
    public Task<ActivityResult<CopilotAssignment>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(AssignCopilot), input, tracker => tracker.AssignCopilotAsync(input.Ref, input.NodeId, cancellationToken));
}
