using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Writes the catalogue's static guidance, as the old command did; a person assigns Copilot.</summary>
public sealed class PrepareLegacy(ActivityExecutor runner, StageWriter step)
{
    [Function(nameof(PrepareLegacy))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(PrepareLegacy), input, tracker => step.RunAsync(
            tracker, input, [], issue => LegacyPlan.Preparation(step.Context, issue), cancellationToken));
}
