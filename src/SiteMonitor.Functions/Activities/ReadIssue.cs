using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Functions.Activities;

/// <summary>Reads the issue and says which stages its state asks for.</summary>
public sealed class ReadIssue(StepRunner runner, PlanContext context)
{
    [Function(nameof(ReadIssue))]
    public Task<StepResult<ReadIssueAnswer>> RunAsync([ActivityTrigger] ReadIssueInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(ReadIssue), input, async tracker =>
        {
            CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
            return read.Then(issue => Answer(input, issue));
        });

    private ReadIssueAnswer Answer(ReadIssueInput input, IssueSnapshot issue)
    {
        RequestedStage requested = RequestedStages.TryParse(input.Stage, out RequestedStage stage, out string? error)
            ? stage
            : throw new PermanentFailureException("unknown-stage", error!);
        return new ReadIssueAnswer(
            issue.NodeId,
            IssueFacts.Of(issue),
            StageSelection.Select(issue, requested, context.Catalogue),
            InputHash.Of(issue, context.Markers),
            !IssueFacts.Of(issue).HasShortLived);
    }
}
