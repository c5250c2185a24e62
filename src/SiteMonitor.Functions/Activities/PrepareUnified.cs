using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// Writes guidance, labels and comment of a unified preparation. After this write the run finishes, whatever the flags say.
/// </summary>
public sealed class PrepareUnified(StageWriter writer)
{
    [Function(nameof(PrepareUnified))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        writer.RunAsync(
            nameof(PrepareUnified),
            input,
            checkedStages: input.Analysis is null ? [Stage.Preparation] : [Stage.Analysis, Stage.Preparation],
            issue => PreparationPlan.For(writer.Context, issue, input.Analysis),
            cancellationToken);
}
