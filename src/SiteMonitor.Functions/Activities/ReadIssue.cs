using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Reads the issue and says which stages its state asks for.</summary>
public sealed class ReadIssue(ActivityExecutor runner, PlanContext context)
{
    [Function(nameof(ReadIssue))]
    public Task<ActivityResult<ReadIssueResult>> RunAsync([ActivityTrigger] ReadIssueInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(ReadIssue), input, async tracker =>
        {
            CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
            return read.Then(issue => Answer(input, issue));
        });

    private ReadIssueResult Answer(ReadIssueInput input, IssueSnapshot issue)
    {
        RequestedStage requested = RequestedStageNames.TryParse(input.Stage, out RequestedStage stage, out string? error)
            ? stage
            : throw new PermanentFailureException("unknown-stage", error!);
        return new ReadIssueResult(
            issue.NodeId,
            IssueFacts.From(issue),
            StageSelection.Select(issue, requested, context.Catalogue),
            InputHash.Compute(issue, context.Markers),
            !IssueFacts.From(issue).HasShortLived);
    }
}

/// <summary>What a run needs to know of its issue; none of its text.</summary>
/// <param name="NodeId">GitHub's GraphQL node id.</param>
/// <param name="Facts">Labels and whether it is open.</param>
/// <param name="Choice">The stages to run, or why none.</param>
/// <param name="InputHash">Over what a decision depends on.</param>
/// <param name="IsSettled">False when short-lived labels of an interrupted run stand on the issue: what a run takes off. Other labels that fit no state are a person's to mend.</param>
public sealed record ReadIssueResult(string NodeId, IssueFacts Facts, StageChoice Choice, string InputHash, bool IsSettled);

/// <param name="Stage">auto, analysis, preparation or all.</param>
public sealed record ReadIssueInput(string Stage) : ActivityInput;
