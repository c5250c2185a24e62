using System.Diagnostics;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Lets both sides decide on one snapshot of an issue, and compares; writes nothing. The model's answer is in the cache when the run itself asks for it.</summary>
public sealed class IssueComparer(IAnalysisModel model, ISuccessHistory history, PlanContext context, AcceptedRules accepted, TimeProvider time)
{
    public async Task<CallResult<IssueComparison>> CompareAsync(IssueSnapshot issue, IReadOnlyList<Stage> stages, CancellationToken cancellationToken)
    {
        AnalysisDecision? unified = null;
        LegacyDecision? legacy = null;
        long unifiedStart = Stopwatch.GetTimestamp();
        if (stages.Contains(Stage.Analysis))
        {
            CallResult<ModelResult> reply = await model.AnalyzeAsync(AnalysisInput.From(issue, context.Markers), context.Catalogue, cancellationToken);
            if (reply.Value is not { } answer)
            {
                return CallResult<IssueComparison>.RateLimited(reply.RetryAt!.Value);
            }

            unified = Scoring.Decide(answer, issue.Labels, context.Catalogue, await history.ReadAsync(cancellationToken));
        }

        SideDecision ours = RunSimulator.SimulateUnified(context, issue, stages, unified, Since(unifiedStart));
        long legacyStart = Stopwatch.GetTimestamp();
        if (stages.Contains(Stage.Analysis))
        {
            legacy = LegacyAnalysis.Decide(issue, context.Catalogue, context.Markers);
        }

        SideDecision theirs = RunSimulator.SimulateLegacy(context, issue, stages, legacy, Since(legacyStart));
        return CallResult<IssueComparison>.Ok(Comparer.Compare(issue.Ref, time.GetUtcNow(), ours, theirs, accepted.Rules));
    }

    private static long Since(long start) => (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}
