using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Writes the result of a unified analysis that no unified preparation follows: labels and a comment.</summary>
public sealed class ConcludeAnalysis(StageWriter writer)
{
    [Function(nameof(ConcludeAnalysis))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        writer.RunAsync(
            nameof(ConcludeAnalysis),
            input,
            checkedStages: [Stage.Analysis],
            issue => AnalysisPlan.For(writer.Context, issue, input.Analysis!),
            cancellationToken);
}
