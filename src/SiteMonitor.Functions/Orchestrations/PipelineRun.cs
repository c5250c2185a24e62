using Microsoft.DurableTask;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>The bookkeeping of one run of <see cref="IssuePipeline"/>: calls its steps, carries what they answer to the next ones, and makes the ledger's record.</summary>
internal sealed class PipelineRun
{
    private readonly TaskOrchestrationContext _context;
    private readonly ActivityCaller _steps;
    private readonly RunClock _clock;
    private readonly RunRecordBuilder _journal;
    private readonly List<PlannedWrite> _planned = [];
    private ReadIssueResult? _issue;
    private StageResult? _last;
    private Stage _stage;
    private bool _foundShortLived;
    private bool _hasBegun;
    private long _comparedMs;

    private PipelineRun(TaskOrchestrationContext context, PipelineInput input)
    {
        (_context, Input) = (context, input);
        _steps = new ActivityCaller(context);
        _clock = new RunClock(context, _steps);
        _journal = new RunRecordBuilder(input, context.NewGuid().ToString("N"), _clock);
    }

    public PipelineInput Input { get; }

    /// <summary>The flags as this run read them.</summary>
    public RouteDecision Route { get; private set; } = null!;

    /// <summary>Whether Copilot took the issue; null until it was asked.</summary>
    public CopilotAssignment? Copilot { get; private set; }

    public static PipelineRun Begin(TaskOrchestrationContext context)
    {
        PipelineInput input = context.GetInput<PipelineInput>() ?? throw new InvalidOperationException("A run needs an input that names its issue.");
        return input.Version <= PipelineInput.CurrentVersion
            ? new PipelineRun(context, input)
            : throw new InvalidOperationException($"The run was started by a newer version of the application (input version {input.Version}); this one knows up to {PipelineInput.CurrentVersion}.");
    }

    public async Task<ReadIssueResult> ReadIssueAsync()
    {
        ReadIssueInput input = new(Input.Stage) { Issue = Input.Issue, Planned = Planned };
        _issue = await CallAsync<ReadIssueResult>(nameof(ReadIssue), input, "reads the issue", ActivityRetryPolicy.Standard);
        _journal.Saw(_issue);

        // Labels of an interrupted run stand there: they come off also when this run fails before its first write.
        _foundShortLived = !_issue.IsSettled;
        return _issue;
    }

    public async Task<DecideRouteResult> DecideRouteAsync()
    {
        DecideRouteInput input = new(_issue!.Facts.Labels, _issue.Choice.Stages[0], _issue.InputHash, TriggerNames.IsAutomatic(Input.Trigger))
        {
            Issue = Input.Issue,
            LegacyFor = Input.LegacyCommand,
        };
        DecideRouteResult answer = await CallAsync<DecideRouteResult>(nameof(DecideRoute), input, "asks the feature flags", ActivityRetryPolicy.Standard);
        Route = answer.Decision;
        _journal.Decided(answer.Decision);
        return answer;
    }

    /// <summary>Lets both sides decide and records how they differ, while the rollout compares. A comparison that fails is none; the run goes on.</summary>
    public async Task CompareAsync()
    {
        if (!Route.Compare || Input.DryRun)
        {
            return;
        }

        RunClock.Lap lap = _clock.Start();
        long modelMs = 0;
        try
        {
            CompareSidesInput input = new(_journal.RunId, Route.Phase, _issue!.Choice.Stages) { Issue = Input.Issue };
            modelMs = (await CallAsync<CompareSidesResult>(nameof(CompareSides), input, "compares both sides' decisions", ActivityRetryPolicy.Comparison)).UnifiedMs;
        }
        catch (ActivityFailedException)
        {
            // The step has logged why; the gate counts what was compared, so nothing passes for want of it.
        }

        // Comparing is no run's own work, and the legacy runs' mean is the baseline. But where the unified analysis follows, it finds the model's answer in the cache:
        // what getting it took belongs to that stage, or a slow model would look like a fast analysis in a slow run.
        _comparedMs = GoesOnTo(Stage.Analysis, Logic.Unified) ? Math.Min(modelMs, lap.Milliseconds) : 0;
        _clock.Exclude(lap.Milliseconds - _comparedMs);
    }

    /// <summary>Whether <paramref name="stage"/> follows in this run, by that logic.</summary>
    public bool GoesOnTo(Stage stage, Logic logic) => _issue!.Choice.Stages.Contains(stage) && Route.For(stage) == logic;

    /// <summary>Runs a stage and notes its logic, outcome and time.</summary>
    public async Task<RunResult> StageAsync(Stage stage, Func<Task<RunResult>> work)
    {
        _stage = stage;
        RunClock.Lap lap = _clock.Start();
        RunOutcome outcome = RunOutcome.Failed;
        try
        {
            RunResult end = await work();
            outcome = end.Outcome;
            return end;
        }
        finally
        {
            long compared = stage == Stage.Analysis ? _comparedMs : 0;
            _journal.Ran(new StageRecord(stage, Route.For(stage), outcome, lap.Milliseconds + compared));
        }
    }

    /// <summary>Runs a step of the current stage that writes to the issue.</summary>
    public async Task<StageResult> StepAsync(string step, string progress)
    {
        _hasBegun = true;
        _last = await CallAsync<StageResult>(step, StepInput(), progress, ActivityRetryPolicy.Standard);
        _journal.Saw(_last);
        return _last;
    }

    public async Task<CopilotAssignment> AssignCopilotAsync()
    {
        Copilot = await CallAsync<CopilotAssignment>(nameof(AssignCopilot), StepInput(), "assigns Copilot", ActivityRetryPolicy.Standard);
        return Copilot;
    }

    /// <summary>Takes short-lived labels off after a run that ended early; the kill switch has no say in this.</summary>
    public async Task<RunResult> RestoreAsync(RunResult end)
    {
        bool mayStand = MayShowShortLived;
        try
        {
            await CallRestoreAsync(failure: null);
            return end;
        }
        catch (ActivityFailedException failure)
        {
            return mayStand ? NotRestored(failure, end) : end;
        }
    }

    /// <summary>After a failure: labels back, and a comment where a person must act, because nothing can mend it or nothing will try again.</summary>
    public async Task<RunResult> CompensateAsync(ActivityFailedException failure)
    {
        RunResult end = RunResult.Failed(failure.Code, failure.Reason);
        bool mayStand = MayShowShortLived;
        if (Input.DryRun || !(mayStand || _hasBegun))
        {
            return end;
        }

        try
        {
            await CallRestoreAsync(failure);
            return end;
        }
        catch (ActivityFailedException again)
        {
            return mayStand ? NotRestored(again, end) : end;
        }
    }

    /// <summary>Writes the ledger's record, unless the run was dry.</summary>
    public async Task<PipelineResult> CloseAsync(RunResult end)
    {
        end = _journal.Judge(end);
        RunRecord record = _journal.Close(end, _steps.Usage);
        if (!Input.DryRun)
        {
            await CallAsync<RecordRunResult>(nameof(RecordRun), record, "writes the ledger", ActivityRetryPolicy.Cleanup);
        }

        return new PipelineResult
        {
            RunId = Input.DryRun ? string.Empty : record.RunId,
            Outcome = WireName.Of(end.Outcome),
            ReasonCode = end.Code,
            Reason = end.Reason,
            Plan = Input.DryRun ? _journal.Plan(end, _planned) : null,
        };
    }

    /// <summary>Whether a short-lived label may stand on the issue: one of an interrupted run's, or of our own, if a write of ours may have got through.</summary>
    private bool MayShowShortLived => _foundShortLived || _steps.MayHaveWritten;

    private IReadOnlyList<PlannedWrite>? Planned => Input.DryRun ? [.. _planned] : null;

    private StageInput StepInput() => new(_issue!.NodeId, Route, _stage, _last?.Labels ?? _issue.Facts.Labels, _journal.Analysis, Copilot)
    {
        Issue = Input.Issue,
        Planned = Planned,
        StaleComments = _last?.StaleComments ?? [],
    };

    private Task<StageResult> CallRestoreAsync(ActivityFailedException? failure)
    {
        RestoreLabelsInput input = new(_journal.Analysis?.Specialists ?? [], failure is null ? null : new Refusal(failure.Code, failure.Reason))
        {
            IsTransient = failure is { IsTransient: true },
            Issue = Input.Issue,
            Planned = Planned,
        };
        return CallAsync<StageResult>(nameof(RestoreLabels), input, "takes the short-lived labels off", ActivityRetryPolicy.Cleanup);
    }

    /// <summary>On an issue that is gone, or that we may no longer see, no label of ours can stand in anybody's way.</summary>
    private static RunResult NotRestored(ActivityFailedException failure, RunResult end) => failure.Code is "github-not-found" or "github-gone"
        ? RunResult.Failed(end.Code.Length > 0 ? end.Code : failure.Code, end.Reason.Length > 0 ? end.Reason : failure.Reason)
        : new RunResult(
            RunOutcome.Critical,
            "labels-not-restored",
            $"Short-lived labels may still stand on the issue, because taking them off failed ({failure.Code}): {failure.Reason}");

    private async Task<T> CallAsync<T>(string step, object input, string progress, ActivityRetryPolicy budget)
        where T : class
    {
        ActivityResult<T> result = await _steps.CallAsync<T>(step, input, progress, budget);
        _planned.AddRange(result.Planned);
        if (result.Usage.GitHubWrites > 0)
        {
            _clock.MarkWrite();
        }

        return result.Value!;
    }
}
