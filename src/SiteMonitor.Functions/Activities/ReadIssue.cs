using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Activities;

/// <summary>Reads the issue and selects the stages that its state asks for.</summary>
public sealed class ReadIssue(
    ActivityExecutor executor,
    PlanContext context,
    UsageLimiter limiter,
    RolloutPlan plan,
    RepositoryNames names,
    InterventionRecorder interventions,
    IRunLedger ledger,
    TimeProvider time)
{
    /// <summary>How far back the ledger is searched for a run that may have left a short-lived label.</summary>
    private static readonly TimeSpan HistoryWindow = TimeSpan.FromDays(90);

    [Function(nameof(ReadIssue))]
    public Task<ActivityResult<ReadIssueResult>> RunAsync([ActivityTrigger] ReadIssueInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(ReadIssue), input, async tracker =>
        {
            CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, input.Delivered, cancellationToken);
            if (read.Value is not { } issue || read.IsRateLimited)
            {
                return read.Then(limited => CreateResult(input, limited));
            }

            if (await FindOtherKeyAsync(issue, cancellationToken) is { } key)
            {
                Refusal renamed = new(
                    SkipCodes.RepositoryRenamed, $"The repository was first seen as {key}: the run goes on under that name.");
                StageChoice none = new([], IssueState.Unmanaged, renamed.Code, renamed.Reason);
                return CallResult<ReadIssueResult>.Ok(CreateResult(input, issue) with
                {
                    Choice = none,
                    IsSettled = true,
                    OtherKey = new IssueRef(key, issue.Ref.Number).Canonical,
                });
            }

            if (input.Planned is null)
            {
                await interventions.RecordAsync(issue, cancellationToken);
            }

            ReadIssueResult result = CreateResult(input, issue);
            result = result with { IsSettled = result.IsSettled || !await IsKnownAsync(issue, result.Choice, cancellationToken) };
            return result.Choice.IsSkip || input.Planned is not null || input.RunId.Length == 0 || input.IsOldCommand
                ? CallResult<ReadIssueResult>.Ok(result)
                : await AdmitAsync(input, issue, result, cancellationToken);
        });

    private ReadIssueResult CreateResult(ReadIssueInput input, IssueSnapshot issue)
    {
        RequestedStage requested = RequestedStageNames.TryParse(input.Stage, out RequestedStage stage, out string? error)
            ? stage
            : throw new PermanentFailureException("unknown-stage", error!);
        StageChoice choice = StageSelection.Select(issue, requested, context.Catalogue);
        return new ReadIssueResult(
            issue.NodeId,
            IssueFacts.From(issue),
            input.IsManual ? choice : SkipIfAssignedToPerson(issue, choice),
            InputHash.Compute(issue, context.Markers),
            !IssueFacts.From(issue).HasShortLived)
        {
            AuthorKey = UsageLimiter.GetAuthorKey(issue.Author),
            UpdatedAt = issue.UpdatedAt,
        };
    }

    /// <summary>Returns the name that the repository's keys have, where it is not the one of this run.</summary>
    private async Task<RepositoryRef?> FindOtherKeyAsync(IssueSnapshot issue, CancellationToken cancellationToken)
    {
        if (issue is not { RepositoryNodeId.Length: > 0, RepositoryName: { } shown })
        {
            return null;
        }

        RepositoryRef key = await names.RecordAsync(issue.RepositoryNodeId, shown, issue.Ref.Repository, cancellationToken);
        return key == issue.Ref.Repository ? null : key;
    }

    /// <summary>Whether the issue was ever in our workflow: elsewhere, labels of these names are someone's own.</summary>
    private async Task<bool> IsKnownAsync(IssueSnapshot issue, StageChoice choice, CancellationToken cancellationToken) =>
        choice.State != IssueState.Unmanaged
        || context.HasOwnContent(issue)
        || await ledger
            .QueryAsync(new LedgerQuery(From: time.GetUtcNow() - HistoryWindow, Issue: issue.Ref.Canonical), cancellationToken)
            .AnyAsync(r => r.Kind == RunKind.Run && r.Outcome != RunOutcome.Skipped, cancellationToken);

    // An issue assigned to a person is left alone, unless someone starts this issue explicitly.
    private static StageChoice SkipIfAssignedToPerson(IssueSnapshot issue, StageChoice choice) =>
        !choice.IsSkip && issue.Assignees.FirstOrDefault(CopilotLogin.IsPerson) is { } person
            ? choice with
            {
                Stages = [],
                Code = SkipCodes.AssignedToPerson,
                Reason = $"It is assigned to {person}, so it is left alone: start it by hand, or unassign {person} first.",
            }
            : choice;

    /// <summary>Keeps the run within the plan's limits. They do not apply to dry runs, old commands and runs with nothing to do.</summary>
    private async Task<CallResult<ReadIssueResult>> AdmitAsync(
        ReadIssueInput input, IssueSnapshot issue, ReadIssueResult result, CancellationToken cancellationToken)
    {
        UsageRequest request = new(input.RunId, issue.Ref.Canonical, issue.Author, input.IsManual)
        {
            IsUrgent = issue.HasLabel(WorkflowLabels.Urgent),
        };
        if (await limiter.TryAdmitAsync(plan.Limits, request, cancellationToken) is { } deferral)
        {
            StageChoice nothing = new([], result.Choice.State, deferral.Code, deferral.Reason);
            return CallResult<ReadIssueResult>.Ok(result with { Choice = nothing });
        }

        return await limiter.TryBeginAsync(plan.Limits, request, cancellationToken) is { } turn
            ? CallResult<ReadIssueResult>.RateLimited(turn)
            : CallResult<ReadIssueResult>.Ok(result);
    }
}

/// <summary>What a run needs to know of its issue, without its text.</summary>
/// <param name="NodeId">GitHub's GraphQL node id.</param>
/// <param name="Facts">The labels, and whether the issue is open.</param>
/// <param name="Choice">The stages to run, or why there are none.</param>
/// <param name="InputHash">The hash of everything that a decision depends on.</param>
/// <param name="IsSettled">False when the issue has short-lived labels of an interrupted run, which this run removes.</param>
public sealed record ReadIssueResult(string NodeId, IssueFacts Facts, StageChoice Choice, string InputHash, bool IsSettled)
{
    /// <summary>Hash of the issue's author; empty when unknown.</summary>
    public string AuthorKey { get; init; } = string.Empty;

    /// <summary>When the issue had last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The issue's key under the name that its repository was first seen by; empty when the run's own key is that.</summary>
    public string OtherKey { get; init; } = string.Empty;
}

/// <param name="Stage">auto, analysis, preparation or all.</param>
public sealed record ReadIssueInput(string Stage) : ActivityInput
{
    /// <summary>What the delivery that started the run showed; null when none did.</summary>
    public IssueObservation? Delivered { get; init; }

    /// <summary>The run's id, under which it is admitted within the plan's limits.</summary>
    public string RunId { get; init; } = string.Empty;

    /// <summary>
    /// Whether someone asked for this issue: the limit for its author does not apply, and it may be assigned to a person.
    /// </summary>
    public bool IsManual { get; init; }

    /// <summary>Whether an old command asks for the legacy logic, which uses neither the model nor Copilot.</summary>
    public bool IsOldCommand { get; init; }
}
