using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// What is left when GitHub made only a part of a preparation's write: it placed the guidance and removed <c>site-monitor</c>, but refused
/// to add the specialists. The next attempt completes it, unless the flags were switched off in between: then no logic would find the
/// issue again.
/// </summary>
internal static class HalfDonePreparation
{
    /// <param name="labelsBefore">The issue's labels when the run read it.</param>
    public static bool IsLeftIn(IssueSnapshot issue, IReadOnlyList<string> labelsBefore, PlanContext context) =>
        labelsBefore.Contains(WorkflowLabels.SiteMonitor, StringComparer.OrdinalIgnoreCase)
        && !issue.HasLabel(WorkflowLabels.Completed)
        && LabelStateMachine.ReadState(issue.Labels, context.Catalogue).Specialists.Count == 0
        && GuidanceSection.Read(issue.Body, issue.Ref, context.Markers) is not null;

    /// <summary>Adds <c>site-monitor</c> again, so that the legacy logic takes the issue, and removes the guidance.</summary>
    /// <remarks>In this order and each by a write of its own: while the guidance is there, a retry completes what is missing.</remarks>
    public static async Task<CallResult<StageResult>> TakeBackAsync(
        IIssueTracker tracker, IssueSnapshot issue, PlanContext context, CancellationToken cancellationToken)
    {
        using CallMeter extra = CallMeter.StartExtra();
        CallResult<IssueSnapshot> labelled = issue.HasLabel(WorkflowLabels.SiteMonitor)
            ? CallResult<IssueSnapshot>.Ok(issue)
            : await tracker.ApplyAsync(
                issue.Ref, issue.NodeId, new IssueChange { AddLabels = [WorkflowLabels.SiteMonitor] }, cancellationToken);
        if (labelled.Value is not { } found)
        {
            return labelled.AsRateLimited<IssueSnapshot, StageResult>();
        }

        IssueChange removal = new() { Body = GuidanceSection.Remove(found.Body, issue.Ref, context.Markers) };
        CallResult<IssueSnapshot> removed = await tracker.ApplyAsync(issue.Ref, issue.NodeId, removal, cancellationToken);
        return removed.Then(after => StageResult.Rerouted(after.Labels));
    }
}
