using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Writes the catalogue's static guidance, as the old command did. A person assigns Copilot.</summary>
public sealed class PrepareLegacy(StageWriter writer)
{
    [Function(nameof(PrepareLegacy))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        writer.RunAsync(
            nameof(PrepareLegacy), input, checkedStages: [], issue => LegacyPlanner.Preparation(writer.Context, issue), cancellationToken);
}
