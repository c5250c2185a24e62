using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Reads the issue and selects the stages that its state asks for.</summary>
public sealed class ReadIssue(ActivityExecutor executor, PlanContext context)
{
    [Function(nameof(ReadIssue))]
    public Task<ActivityResult<ReadIssueResult>> RunAsync([ActivityTrigger] ReadIssueInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(ReadIssue), input, async tracker =>
        {
            CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
            return read.Then(issue => CreateResult(input, issue));
        });

    private ReadIssueResult CreateResult(ReadIssueInput input, IssueSnapshot issue)
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

/// <summary>What a run needs to know of its issue, without its text.</summary>
/// <param name="NodeId">GitHub's GraphQL node id.</param>
/// <param name="Facts">The labels, and whether the issue is open.</param>
/// <param name="Choice">The stages to run, or why there are none.</param>
/// <param name="InputHash">The hash of everything that a decision depends on.</param>
/// <param name="IsSettled">False when the issue has short-lived labels of an interrupted run, which this run removes.</param>
public sealed record ReadIssueResult(string NodeId, IssueFacts Facts, StageChoice Choice, string InputHash, bool IsSettled);

/// <param name="Stage">auto, analysis, preparation or all.</param>
public sealed record ReadIssueInput(string Stage) : ActivityInput;
