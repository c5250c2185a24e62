using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Chooses specialists by the legacy rules and adds their labels, as the old command did; writes nothing when no rule matches.</summary>
public sealed class AnalyzeLegacy(ActivityExecutor runner, StageWriter step)
{
    [Function(nameof(AnalyzeLegacy))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(AnalyzeLegacy), input, tracker => step.RunAsync(
            tracker,
            input,
            [],
            issue => LegacyPlan.Analysis(step.Context, issue, LegacyAnalysis.Decide(issue, step.Context.Catalogue, step.Context.Markers)),
            cancellationToken));
}
