using Microsoft.DurableTask;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>Calls the activities of one run of <see cref="IssuePipeline"/> and collects the run's ledger record.</summary>
internal sealed class PipelineRun
{
    private readonly TaskOrchestrationContext _context;
    private readonly ActivityCaller _activities;
    private readonly RunRecordBuilder _record;
    private IssueObservation? _seen;
    private bool _foundShortLivedLabels;
    private bool _hasCalledStage;

    /// <summary>The short-lived labels that a read of the issue must show, unless someone has removed them.</summary>
    private IReadOnlyList<string> _shortLived = [];

    public PipelineRun(TaskOrchestrationContext context, PipelineInput input)
    {
        Input = input;
        _context = context;
        _activities = new ActivityCaller(context);
        _record = new RunRecordBuilder(input, context.NewGuid().ToString("N"), _activities.Clock);
    }

    public PipelineInput Input { get; }

    public long ElapsedMs => _activities.Clock.ElapsedMs;

    private IReadOnlyList<PlannedWrite>? Planned => Input.DryRun ? _activities.Planned : null;

    /// <summary>Whether a short-lived label may be on the issue: an interrupted run's, or ours if a write may have got through.</summary>
    private bool MayHaveShortLivedLabels => _foundShortLivedLabels || _activities.MayHaveWritten;

    public async Task<ReadIssueResult> ReadIssueAsync()
    {
        ReadIssueInput input = new(Input.Stage)
        {
            Issue = Input.Issue,
            Planned = Planned,
            Delivered = Input.Delivered,
            RunId = _record.RunId,
            IsManual = Input.IsManual,
            IsOldCommand = Input.LegacyCommand.Length > 0,
        };
        ReadIssueResult issue = await _activities.CallAsync<ReadIssueResult>(
            nameof(ReadIssue), input, "reads the issue", ActivityRetryPolicy.Standard);
        _record.Add(issue);
        _seen = new IssueObservation(issue.Facts.Labels, issue.UpdatedAt, IsOpen: issue.Facts.IsOpen);

        // Labels of an interrupted run are removed even if this run fails before its first write.
        _foundShortLivedLabels = !issue.IsSettled;
        return issue;
    }

    /// <summary>
    /// Starts this run under another key of its issue, as soon as no other run is active there. If that fails, the ledger says so under
    /// that key.
    /// </summary>
    public async Task StartUnderAsync(string key)
    {
        RedeliveryInput start = new()
        {
            Issue = key,
            RequestId = Input.RequestId,
            Work = WorkKind.Pipeline,
            ReceivedAt = _activities.Clock.Started,
            Run = Input with { Issue = key },
        };
        try
        {
            await _context.CallSubOrchestratorAsync<string>(RedeliveryInput.Orchestrator, start);
        }
        catch (TaskFailedException)
        {
            // This run ends with a record of its own.
        }
    }

    public async Task<DecideRouteResult> DecideRouteAsync(ReadIssueResult issue)
    {
        DecideRouteInput input = new(issue.Facts.Labels, issue.Choice.Stages[0], issue.InputHash, TriggerNames.IsAutomatic(Input.Trigger))
        {
            Issue = Input.Issue,
            LegacyCommand = Input.LegacyCommand,
            UpdatedAt = issue.UpdatedAt,
        };
        DecideRouteResult route = await _activities.CallAsync<DecideRouteResult>(
            nameof(DecideRoute), input, "reads the feature flags", ActivityRetryPolicy.Standard);
        _record.Add(route.Decision);
        return route;
    }

    /// <summary>
    /// Lets both sides decide and records how they differ, while the rollout compares. A failed comparison does not stop the run.
    /// </summary>
    /// <returns>Milliseconds of the comparison that count as part of the analysis.</returns>
    public async Task<long> CompareAsync(ReadIssueResult issue, RouteDecision route)
    {
        if (!route.Compare || Input.DryRun)
        {
            return 0;
        }

        long start = _activities.Clock.ElapsedMs;
        long modelMs = 0;
        try
        {
            CompareSidesInput input = new(_record.RunId, route.Phase, issue.Choice.Stages) { Issue = Input.Issue };
            CompareSidesResult compared = await _activities.CallAsync<CompareSidesResult>(
                nameof(CompareSides), input, "compares both sides' decisions", ActivityRetryPolicy.Comparison);
            modelMs = compared.UnifiedMs;
        }
        catch (ActivityFailedException)
        {
            // The activity logged the failure. The gate counts comparisons, so it cannot pass because one is missing.
        }

        // The comparison is not the run's own work. But it asked the model, and a unified analysis that follows finds the answer in the
        // cache: that time belongs to the analysis, or a slow model would not show in its duration.
        bool isAnalyzed = issue.Choice.Stages.Contains(Stage.Analysis) && route.Analysis == Logic.Unified;
        long elapsed = _activities.Clock.ElapsedMs - start;
        long analysisMs = isAnalyzed ? Math.Min(modelMs, elapsed) : 0;
        _activities.Clock.Exclude(elapsed - analysisMs);
        return analysisMs;
    }

    /// <summary>Runs a stage, and records its logic, outcome and duration.</summary>
    /// <param name="comparisonMs">The part of the comparison that counts as analysis.</param>
    public async Task<(RunResult Result, StageInput Next)> RecordStageAsync(
        Stage stage, RouteDecision route, long comparisonMs, Func<Task<(RunResult Result, StageInput Next)>> run)
    {
        long start = _activities.Clock.ElapsedMs - (stage == Stage.Analysis ? comparisonMs : 0);
        RunOutcome outcome = RunOutcome.Failed;
        try
        {
            (RunResult result, StageInput next) = await run();
            outcome = result.Outcome;
            return (result, next);
        }
        finally
        {
            _record.Add(new StageRecord(stage, route.For(stage), outcome, _activities.Clock.ElapsedMs - start));
        }
    }

    /// <summary>Calls an activity that does part of a stage.</summary>
    public Task<StageResult> CallStageAsync(string activity, StageInput input, string progress) =>
        CallStageAsync(activity, input, progress, ActivityRetryPolicy.Standard);

    /// <summary>
    /// Analyzes the issue. When the model keeps failing, one more attempt finds out whether only this text makes it fail.
    /// </summary>
    public async Task<StageResult> AnalyzeAsync(StageInput input)
    {
        try
        {
            return await CallStageAsync(nameof(AnalyzeUnified), input, "analyzes the issue");
        }
        catch (ActivityFailedException failure)
            when (failure.IsTransient && failure.Code.StartsWith(WaitCodes.ModelPrefix, StringComparison.Ordinal))
        {
            return await CallStageAsync(
                nameof(AnalyzeUnified), input with { IsLastAttempt = true }, "finds out whether the model fails at this text only",
                ActivityRetryPolicy.Once);
        }
    }

    /// <summary>Excludes the time since then from the duration, because the author's edits made that work useless.</summary>
    /// <param name="elapsedMs">The run's <see cref="ElapsedMs"/> when that work began.</param>
    public void DiscardTimeSince(long elapsedMs) => _activities.Clock.Exclude(ElapsedMs - elapsedMs);

    /// <summary>Removes short-lived labels after a run that ended early. The kill switch does not prevent this.</summary>
    public async Task<RunResult> RestoreLabelsAsync(RunResult result)
    {
        bool mayHaveShortLivedLabels = MayHaveShortLivedLabels;
        try
        {
            bool needsReview = WaitCodes.NeedsReview(result.Code);
            await CallRestoreLabelsAsync(needsReview ? new Refusal(result.Code, result.Reason) : null, needsReview);
            return result;
        }
        catch (ActivityFailedException failure)
        {
            return mayHaveShortLivedLabels ? LabelsNotRestored(failure, result) : result;
        }
    }

    /// <summary>Restores the labels after a failure, and comments on the issue where a person must act.</summary>
    public async Task<RunResult> CompensateAsync(ActivityFailedException failure)
    {
        if (SkipCodes.IsUnavailable(failure.Code))
        {
            // People took the issue away: there is nothing to restore.
            return RunResult.Skipped(new Refusal(failure.Code, failure.Reason));
        }

        RunResult result = failure.Code is WaitCodes.LabelLimit or WaitCodes.TextRefused or WaitCodes.WriteRefused
            ? RunResult.Waiting(failure.Code, failure.Reason)
            : RunResult.Failed(failure.Code, failure.Reason);
        bool mayHaveShortLivedLabels = MayHaveShortLivedLabels;
        if (_activities.MayHaveWritten)
        {
            _record.ForgetLabels();
        }

        if (Input.DryRun || !(mayHaveShortLivedLabels || _hasCalledStage))
        {
            return result;
        }

        try
        {
            await CallRestoreLabelsAsync(
                new Refusal(failure.Code, failure.Reason), WaitCodes.NeedsReview(failure.Code), failure.IsTransient);
            return result;
        }
        catch (ActivityFailedException again)
        {
            return mayHaveShortLivedLabels ? LabelsNotRestored(again, result) : result;
        }
    }

    /// <summary>Writes the ledger record, unless the run was a dry run.</summary>
    public async Task<PipelineResult> RecordAsync(RunResult result)
    {
        RunRecord record = _record.Build(result, _activities.Usage);
        if (!Input.DryRun)
        {
            await _activities.CallAsync<RecordRunResult>(
                nameof(RecordRun), record, "writes the ledger record", ActivityRetryPolicy.Cleanup);
        }

        return new PipelineResult
        {
            RunId = Input.DryRun ? string.Empty : record.RunId,
            Outcome = WireName.Of(record.Outcome),
            ReasonCode = record.ReasonCode,
            Reason = record.Reason,
            Seen = _seen,
            Plan = Input.DryRun ? RunRecordBuilder.BuildPlan(record, _activities.Planned) : null,
        };
    }

    /// <summary>Calls an activity of a stage. If the model is down for too long, the issue waits for a person.</summary>
    private async Task<StageResult> CallStageAsync(string activity, StageInput input, string progress, ActivityRetryPolicy policy)
    {
        _hasCalledStage = true;
        _shortLived = [input.Stage == Stage.Analysis ? WorkflowLabels.Analyzing : WorkflowLabels.Processing];
        try
        {
            StageResult result = await _activities.CallAsync<StageResult>(activity, input with { Planned = Planned }, progress, policy);
            _record.Add(result);
            _shortLived = result.Labels;
            return result;
        }
        catch (ActivityFailedException failure) when (failure.Code == WaitCodes.ModelUnavailable)
        {
            return StageResult.Waiting(new Refusal(failure.Code, failure.Reason), input.Labels);
        }
    }

    private async Task CallRestoreLabelsAsync(Refusal? cause, bool needsReview, bool isTransient = false)
    {
        RestoreLabelsInput input = new(_record.Analysis?.Specialists ?? [], cause)
        {
            LabelsBefore = _record.LabelsBefore ?? [],
            NeedsReview = needsReview,
            IsTransient = isTransient,
            Seen = Input.DryRun ? null : IssueObservation.WithShortLived(_activities.MayHaveWritten ? _shortLived : []),
            Issue = Input.Issue,
            Planned = Planned,
        };
        _record.Add(await _activities.CallAsync<StageResult>(
            nameof(RestoreLabels), input, "removes the short-lived labels", ActivityRetryPolicy.Cleanup));
    }

    /// <summary>
    /// Returns the result of a failed cleanup. It is critical only if the labels were seen on the issue and could not be removed: during an
    /// outage, or when the issue is gone, their state is unknown.
    /// </summary>
    private static RunResult LabelsNotRestored(ActivityFailedException failure, RunResult result) => failure.Code switch
    {
        RestoreLabels.NotRestoredCode => new RunResult(RunOutcome.Critical, failure.Code, failure.Reason),
        WaitCodes.WriteRefused => RunResult.Waiting(failure.Code, failure.Reason),
        var code when SkipCodes.IsUnavailable(code) => RunResult.Skipped(new Refusal(code, failure.Reason)),
        _ when result.Outcome == RunOutcome.Failed => result,
        _ => RunResult.Failed(
            failure.Code,
            $"Short-lived labels may still be on the issue, because removing them failed: {failure.Reason}"),
    };
}
