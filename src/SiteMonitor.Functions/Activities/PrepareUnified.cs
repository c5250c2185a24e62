using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>The one write of a unified preparation: guidance, specialists' labels, <c>processing</c>, comment. From here on the run is finished, whatever the flags say.</summary>
public sealed class PrepareUnified(ActivityExecutor runner, StageWriter step)
{
    [Function(nameof(PrepareUnified))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(PrepareUnified), input, tracker => step.RunAsync(
            tracker,
            input,
            input.Analysis is null ? [Stage.Preparation] : [Stage.Analysis, Stage.Preparation],
            issue => PreparationPlan.For(step.Context, issue, input.Analysis),
            cancellationToken));
}
