using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Failures;
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
