using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Says on the issue that its stage is switched off.</summary>
public sealed class PostStageDisabledComment(ActivityExecutor runner, StageWriter step)
{
    /// <summary>The name that stored histories have for this function.</summary>
    public const string FunctionName = "SayWaiting";

    [Function(PostStageDisabledComment.FunctionName)]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(PostStageDisabledComment.FunctionName, input, tracker => step.RunAsync(
            tracker, input, [], issue => LifecyclePlan.StageDisabled(step.Context, issue, input.Analysis?.Specialists ?? [], input.Stage), cancellationToken));
}
