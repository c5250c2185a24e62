using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// Chooses specialists by the legacy rules and adds their labels, as the old command did. Writes nothing when no rule matches.
/// </summary>
public sealed class AnalyzeLegacy(StageWriter writer)
{
    [Function(nameof(AnalyzeLegacy))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        writer.RunAsync(
            nameof(AnalyzeLegacy),
            input,
            checkedStages: [],
            issue => LegacyPlanner.Analysis(
                writer.Context, issue, LegacyAnalysis.Decide(issue, writer.Context.Catalogue, writer.Context.Markers)),
            cancellationToken);
}
