using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Metering;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Functions.Activities;

/// <summary>What the writing steps share: read, check the kill switch, plan, write what is missing. Run twice, it writes once.</summary>
public sealed class IssueStep(IRoutePolicy policy, PlanContext context)
{
    /// <summary>Writes of the body that person after person may get between.</summary>
    private const int MaxRestorations = 3;

    public PlanContext Context => context;

    /// <param name="guarded">The stages whose kill switch bars this write.</param>
    /// <param name="plan">What to write to the issue as just read.</param>
    public async Task<CallResult<StageAnswer>> RunAsync(
        IIssueTracker tracker,
        StageInput input,
        IReadOnlyList<Stage> guarded,
        Func<IssueSnapshot, ChangePlan> plan,
        CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsLimited<IssueSnapshot, StageAnswer>();
        }

        foreach (Stage stage in guarded)
        {
            if (!await policy.StillHoldsAsync(input.Route, stage, input.Ref, issue.Labels, cancellationToken))
            {
                return CallResult<StageAnswer>.Ok(StageAnswer.Rerouted(issue.Labels));
            }
        }

        ChangePlan wanted = plan(issue);
        if (wanted.Refused is { } refusal)
        {
            return CallResult<StageAnswer>.Ok(StageAnswer.Refused(refusal, issue.Labels));
        }

        bool touched = LabelWatch.Differ(input.Labels, issue.Labels, context.Catalogue);
        CallResult<IssueSnapshot> written = await WriteAsync(tracker, issue, wanted.Change, cancellationToken);
        return written.Then(after => Done(after) with { ManualIntervention = touched, TextLost = OverwrittenEdit.IsLost(issue, after) });
    }

    /// <summary>Writes the change unless it is empty; where a person's edit got between, their text is put back, with our section in it.</summary>
    private async Task<CallResult<IssueSnapshot>> WriteAsync(IIssueTracker tracker, IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> written = change.IsEmpty
            ? CallResult<IssueSnapshot>.Ok(issue)
            : await tracker.ApplyAsync(issue.Ref, issue.NodeId, change, cancellationToken);
        for (int i = 0; i < MaxRestorations && written.Value is { } after && OverwrittenEdit.Find(after, context.Markers) is { } theirs; i++)
        {
            string section = GuidanceSection.Read(after.Body, after.Ref, context.Markers) ?? string.Empty;
            string body = section.Length == 0 ? theirs : GuidanceSection.Apply(theirs, section, after.Ref, context.Markers);
            written = await tracker.ApplyAsync(issue.Ref, issue.NodeId, new IssueChange { Body = body }, cancellationToken);
            CallMeter.Add(new Usage { GitHubWrites = -1, GitHubExtra = 1 });
        }

        return written;
    }

    private StageAnswer Done(IssueSnapshot after) => new()
    {
        Verdict = StepVerdict.Done,
        Labels = after.Labels,
        Specialists = LabelStateMachine.Read(after.Labels, context.Catalogue).Specialists,
        InputHash = InputHash.Of(after, context.Markers),
    };
}
