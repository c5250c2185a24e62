using System.Diagnostics;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Lets both sides decide on one snapshot of an issue, and compares the decisions. Writes nothing.</summary>
/// <remarks>The model's answer is then in the cache when the run itself asks the model.</remarks>
public sealed class IssueComparer(
    IAnalysisModel model,
    ISuccessHistory history,
    PlanContext context,
    AcceptedDifferenceRules accepted,
    TimeProvider time)
{
    public async Task<CallResult<IssueComparison>> CompareAsync(
        IssueSnapshot issue, IReadOnlyList<Stage> stages, CancellationToken cancellationToken)
    {
        AnalysisDecision? unified = null;
        LegacyDecision? legacy = null;
        long unifiedStart = Stopwatch.GetTimestamp();
        if (stages.Contains(Stage.Analysis))
        {
            CallResult<ModelResult> analyzed =
                await model.AnalyzeAsync(AnalysisTextSelector.From(issue, context.Markers), context.Catalogue, cancellationToken);
            if (analyzed.Value is not { } answer)
            {
                return analyzed.AsRateLimited<ModelResult, IssueComparison>();
            }

            unified = Scoring.Decide(answer, issue.Labels, context.Catalogue, await history.ReadAsync(cancellationToken));
        }

        SideDecision unifiedSide = RunSimulator.SimulateUnified(context, issue, stages, unified, GetElapsedMs(unifiedStart));
        long legacyStart = Stopwatch.GetTimestamp();
        if (stages.Contains(Stage.Analysis))
        {
            legacy = LegacyAnalysis.Decide(issue, context.Catalogue, context.Markers);
        }

        SideDecision legacySide = RunSimulator.SimulateLegacy(context, issue, stages, legacy, GetElapsedMs(legacyStart));
        return CallResult<IssueComparison>.Ok(Comparer.Compare(issue.Ref, time.GetUtcNow(), unifiedSide, legacySide, accepted.Rules));
    }

    private static long GetElapsedMs(long start) => (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}
