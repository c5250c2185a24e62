using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Writes the result of a unified analysis that no unified preparation follows: labels and a comment.</summary>
public sealed class ConcludeAnalysis(StageWriter writer, IAnalysisModel model)
{
    [Function(nameof(ConcludeAnalysis))]
    public Task<ActivityResult<StageResult>> RunAsync([ActivityTrigger] StageInput input, CancellationToken cancellationToken) =>
        writer.RunAsync(
            nameof(ConcludeAnalysis),
            input,
            checkedStages: [Stage.Analysis],
            async () =>
            {
                AnalysisDecision? decision = await model.AddTextsAsync(input.Analysis, writer.Context.Catalogue, cancellationToken);
                return issue => AnalysisPlanner.For(writer.Context, issue, decision!);
            },
            cancellationToken);
}
