using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Functions.Activities;

/// <summary>What the writing steps share: read, check the kill switch, plan, write what is missing. Run twice, it writes once.</summary>
public sealed class StageWriter(IRoutePolicy policy, PlanContext context)
{
    /// <summary>Writes of the body that person after person may get between.</summary>
    private const int MaxRestorations = 3;

    public PlanContext Context => context;

    /// <param name="guarded">The stages whose kill switch bars this write.</param>
    /// <param name="plan">What to write to the issue as just read.</param>
    public async Task<CallResult<StageResult>> RunAsync(
        IIssueTracker tracker,
        StageInput input,
        IReadOnlyList<Stage> guarded,
        Func<IssueSnapshot, ChangePlan> plan,
        CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsLimited<IssueSnapshot, StageResult>();
        }

        foreach (Stage stage in guarded)
        {
            if (!await policy.IsStillValidAsync(input.Route, stage, input.Ref, issue.Labels, cancellationToken))
            {
                return CallResult<StageResult>.Ok(StageResult.Rerouted(issue.Labels));
            }
        }

        string? lost = OverwrittenText.Find(issue, context.Markers);
        ChangePlan wanted = plan(lost is null ? issue : issue with { Body = lost });
        bool touched = WorkflowLabelDiff.HasChanged(input.Labels, issue.Labels, context.Catalogue)
            && WorkflowLabelDiff.HasChanged(input.Labels, issue.Labels, context.Catalogue, plan(issue with { Labels = input.Labels }).Change);
        if (wanted.Refused is { } refusal)
        {
            return CallResult<StageResult>.Ok(StageResult.Refused(refusal, issue.Labels, touched));
        }

        IssueChange change = lost is null ? wanted.Change : wanted.Change with { Body = wanted.Change.Body ?? lost };
        CallResult<IssueSnapshot> written = await WriteAsync(tracker, issue, change, cancellationToken);
        return written.Then(after => Done(after) with
        {
            ManualIntervention = touched,
            TextLost = IsLost(issue, after),
            StaleComments = CommentMarkers.FindOutdated(issue, context.Markers),
        });
    }

    /// <summary>Writes the change unless it is empty; where a person's edit got between our read and this, their text is put back, with our section in it.</summary>
    private async Task<CallResult<IssueSnapshot>> WriteAsync(IIssueTracker tracker, IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken)
    {
        if (change.IsEmpty)
        {
            return CallResult<IssueSnapshot>.Ok(issue);
        }

        CallResult<IssueSnapshot> written = await tracker.ApplyAsync(issue.Ref, issue.NodeId, change, cancellationToken);
        (string basis, string? body) = (issue.Body, change.Body);
        for (int i = 0; i < MaxRestorations && body is not null && written.Value is { } after; i++)
        {
            string? restored = EditRestoration.Restore(after, basis, body, context.Markers);
            if (restored is not null)
            {
                using CallMeter beside = CallMeter.StartExtra();
                written = await tracker.ApplyAsync(issue.Ref, issue.NodeId, new IssueChange { Body = restored }, cancellationToken);
            }

            (basis, body) = (after.Body, restored);
        }

        return written;
    }

    /// <summary>Whether an edit came between of which GitHub no longer has the text.</summary>
    private static bool IsLost(IssueSnapshot read, IssueSnapshot after) =>
        after.Edits is [{ ByUs: true }, { ByUs: false, BodyAfter: null, EditedAt: var at }, ..] && at > read.UpdatedAt;

    private StageResult Done(IssueSnapshot after) => new()
    {
        Status = StageStatus.Done,
        Labels = after.Labels,
        Specialists = LabelStateMachine.ReadState(after.Labels, context.Catalogue).Specialists,
        InputHash = InputHash.Compute(after, context.Markers),
    };
}
