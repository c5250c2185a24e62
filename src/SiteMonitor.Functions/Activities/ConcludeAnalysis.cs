using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Writes the result of a unified analysis that no unified preparation follows: specialists' labels, or the label that waits for a person; and the comment.</summary>
public sealed class ConcludeAnalysis(ActivityExecutor runner, StageWriter step)
{
    [Function(nameof(ConcludeAnalysis))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(ConcludeAnalysis), input, tracker => step.RunAsync(
            tracker, input, [Stage.Analysis], issue => AnalysisPlan.For(step.Context, issue, input.Analysis!), cancellationToken));
}
