using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Says on the issue that its stage is switched off.</summary>
public sealed class SayWaiting(StepRunner runner, IssueStep step)
{
    [Function(nameof(SayWaiting))]
    public Task<StepResult<StageAnswer>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(SayWaiting), input, tracker => step.RunAsync(
            tracker, input, [], issue => LifecyclePlan.Waiting(step.Context, issue, input.Analysis?.Specialists ?? [], input.Stage), cancellationToken));
}
