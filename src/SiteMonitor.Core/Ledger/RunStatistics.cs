using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Ledger;

/// <summary>Computes the figures that gates, guard, report, dashboard and metrics share from ledger records.</summary>
public sealed class RunStatistics
{
    /// <summary>Reason code of a run that lost or corrupted an issue's text.</summary>
    public const string TextLostCode = "text-lost";

    /// <summary>How long after an assignment an outcome still tells whether the choice was right.</summary>
    public static readonly TimeSpan ChoiceWindow = TimeSpan.FromDays(14);

    // A delivery of the same moment as the run's own is part of what the issue cost.
    private static readonly TimeSpan SameMoment = TimeSpan.FromMinutes(1);

    private readonly RunRecord[] _records;
    private readonly RunRecord[] _runs;

    public RunStatistics(IEnumerable<RunRecord> records)
    {
        _records = [.. records];
        _runs = [.. _records.Where(r => r.Kind == RunKind.Run)];
        Counted = [.. _runs.Where(IsCounted)];
        Durations = new Durations(Counted.Where(HasDuration).Select(r => r.DurationMs / 1000.0));
    }

    /// <summary>The runs that ended succeeded, waiting, unmatched, failed or critical.</summary>
    public IReadOnlyList<RunRecord> Counted { get; }

    /// <summary>Failed and critical runs, of all counted ones.</summary>
    public Proportion Errors => new(Counted.Count(IsError), Counted.Count);

    /// <summary>Runs that did their work, of all counted ones that the legacy rules did not leave unmatched.</summary>
    public Proportion Successes => new(Counted.Count(IsSuccess), Counted.Count(r => r.Outcome != RunOutcome.Unmatched));

    /// <summary>Runs after which a person has to act, of the same runs as <see cref="Successes"/>.</summary>
    public Proportion HandOvers =>
        new(Counted.Count(r => r.Outcome == RunOutcome.Waiting), Counted.Count(r => r.Outcome != RunOutcome.Unmatched));

    /// <summary>Runs that left the issue in no legal state, or lost its text.</summary>
    public Proportion Criticals => new(Counted.Count(r => r.Outcome == RunOutcome.Critical), Counted.Count);

    /// <summary>Issues with a critical run, of all issues.</summary>
    public Proportion CriticalIssues => new(CountIssues(Counted.Where(r => r.Outcome == RunOutcome.Critical)), Issues);

    public int FailedIssues => CountIssues(Counted.Where(IsError));

    /// <summary>The number of issues with a counted run.</summary>
    public int Issues => CountIssues(Counted);

    public int TextLost => Counted.Count(IsTextLost);

    /// <summary>Runs and moments between runs in which a person changed a workflow label; runs with nothing to do included.</summary>
    public int ManualInterventions => _records.Count(r =>
        r is { Kind: RunKind.Run, ManualIntervention: true } or { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.ManualIntervention });

    /// <summary>Runs whose issue was in a legal state before and after, of those that recorded its labels.</summary>
    /// <remarks>Where none did (version 1 of the ledger), only a critical run is known to be wrong.</remarks>
    public Proportion RightTransitions
    {
        get
        {
            RunRecord[] known = [.. Counted.Where(r => r.LabelsBefore is not null)];
            return known.Length > 0
                ? new Proportion(known.Count(IsRightTransition), known.Length)
                : new Proportion(Criticals.Of - Criticals.Count, Criticals.Of);
        }
    }

    /// <summary>Issues whose specialist and pull request people kept, of those that these runs assigned.</summary>
    /// <remarks>Needs what <see cref="IsOutcomeRecord"/> says beside the runs. An assignment that an undo took back is left out.</remarks>
    public Proportion RightChoices
    {
        get
        {
            ILookup<string, RunRecord> later = _records.Where(IsOutcomeRecord).ToLookup(r => r.Issue);
            RunRecord[] assigned =
            [
                .. Counted.Where(IsAssignment)
                    .GroupBy(r => r.Issue)
                    .Select(runs => runs.MaxBy(r => r.Ended)!)
                    .Where(run => !later[run.Issue].Any(r => r.Kind == RunKind.Undo && r.Ended >= run.Ended)),
            ];
            return new Proportion(assigned.Count(run => !later[run.Issue].Any(outcome => Overturns(outcome, run))), assigned.Length);
        }
    }

    /// <summary>What these runs and the comparisons beside them cost, in US dollars.</summary>
    public decimal Dollars => _records.Where(AsksModel).Sum(r => r.Usage.Dollars);

    /// <summary>The model's tokens that these runs and the comparisons beside them took.</summary>
    public long Tokens => _records.Where(AsksModel).Sum(r => (long)r.Usage.PromptTokens + r.Usage.CompletionTokens);

    /// <summary>The number of issues with a counted run that had an analysis: the unified logic's, or a comparison within a legacy run.</summary>
    public int AnalyzedIssues => CountIssues(Counted.Where(r => IsUnified(r) || r.Usage.ModelCalls + r.Usage.CacheHits > 0));

    /// <summary>Durations of the runs that did not fail; a failed one's says nothing about speed.</summary>
    public Durations Durations { get; }

    /// <summary>Whether the run ended with a result: it had something to do, and did not begin anew.</summary>
    /// <remarks>What people do (an issue deleted, transferred, locked) ends a run as skipped and says nothing about the pipeline.</remarks>
    public static bool IsCounted(RunRecord run) => run.Outcome is not (RunOutcome.Skipped or RunOutcome.Rerouted);

    public static bool IsError(RunRecord run) => run.Outcome is RunOutcome.Failed or RunOutcome.Critical;

    /// <summary>Whether it did its work: it succeeded, or a valid analysis was not sure enough to assign.</summary>
    public static bool IsSuccess(RunRecord run) => run.Outcome == RunOutcome.Succeeded || GetHandOverReason(run) == HandOverReason.Unsure;

    public static bool IsTextLost(RunRecord run) => run is { Outcome: RunOutcome.Critical, ReasonCode: TextLostCode };

    /// <summary>Whether the unified logic ran in it, so that its failure speaks against that logic.</summary>
    public static bool IsUnified(RunRecord run) =>
        run is { Kind: RunKind.Run, Route: Logic.Unified } && (run.Stages.Count == 0 || run.Stages.Any(s => s.Logic == Logic.Unified));

    /// <summary>Whether it failed before the flags were read (an expired token, for example), so it counts against neither logic.</summary>
    public static bool IsUnrouted(RunRecord run) => run is { Kind: RunKind.Run, Route: null } && IsError(run);

    /// <summary>Whether error and success rate count it: the unified logic's runs, and those that failed before routing.</summary>
    public static bool IsRated(RunRecord run) => IsUnified(run) || IsUnrouted(run);

    public static bool IsLegacy(RunRecord run) => run is { Kind: RunKind.Run, Route: Logic.Legacy };

    /// <summary>Whether its duration says something about speed.</summary>
    public static bool HasDuration(RunRecord run) =>
        run is { Kind: RunKind.Run, Outcome: RunOutcome.Succeeded or RunOutcome.Waiting or RunOutcome.Unmatched };

    /// <summary>Returns why a person has to act after the run; null when nobody has to.</summary>
    public static HandOverReason? GetHandOverReason(RunRecord run) => run.Outcome != RunOutcome.Waiting ? null : run.ReasonCode switch
    {
        WaitCodes.ScoreBetween or WaitCodes.ScoreLow => HandOverReason.Unsure,
        WaitCodes.ModelRefused or WaitCodes.ModelUnanswerable => HandOverReason.Refused,
        var code when code.StartsWith(WaitCodes.ModelPrefix, StringComparison.Ordinal) => HandOverReason.Unanswered,
        WaitCodes.AnalysisDisabled or WaitCodes.PreparationDisabled => HandOverReason.StageDisabled,
        _ => HandOverReason.Other,
    };

    /// <summary>Whether the analysis waits because the model gave no usable answer.</summary>
    public static bool IsUnanswered(RunRecord run) => GetHandOverReason(run) == HandOverReason.Unanswered;

    /// <summary>
    /// Whether the analysis waits because of its text: the model, or its content filter, declined it, or answers only others.
    /// </summary>
    public static bool IsRefusedByModel(RunRecord run) => GetHandOverReason(run) == HandOverReason.Refused;

    /// <summary>Whether the issue's author made the run wait, so that it says nothing about the pipeline's speed.</summary>
    public static bool IsCausedByAuthor(RunRecord run) => IsRefusedByModel(run)
        || run is { Outcome: RunOutcome.Waiting, ReasonCode: WaitCodes.TextKeepsChanging or WaitCodes.TextSwapped
            or WaitCodes.CopilotNotUnassigned or WaitCodes.TextRefused or WaitCodes.WriteRefused };

    /// <summary>Whether an issue went from its first delivery to Copilot in this run.</summary>
    public static bool IsEndToEnd(RunRecord run) =>
        run is { Kind: RunKind.Run, Outcome: RunOutcome.Succeeded }
        && run.Stages.Select(s => s.Stage).Distinct().Count() == 2
        && run.Stages.All(s => s.Logic == Logic.Unified);

    /// <summary>
    /// Returns a count of requests for each issue that went to Copilot, over all its runs up to then: from the first delivery,
    /// or from the last answer to a waiting issue, and with a second delivery of the same moment.
    /// </summary>
    /// <param name="count">The requests to count: <c>usage => usage.GitHubWrites</c>.</param>
    public IReadOnlyList<int> CountCallsPerIssue(Func<Usage, int> count) =>
    [
        .. from runs in _runs.GroupBy(r => r.Issue)
           let last = runs.Where(IsEndToEnd).MinBy(r => r.Started)
           where last is not null
           let since = runs.Where(r => r.Outcome == RunOutcome.Waiting && r.Started < last.Started).Max(r => (DateTimeOffset?)r.Ended)
           select runs.Where(r => (since is null || r.Started >= since) && r.Started <= last.Ended + SameMoment).Sum(r => count(r.Usage)),
    ];

    /// <summary>Returns the number of runs that handed over to a person for a reason.</summary>
    public int CountHandOvers(HandOverReason reason) => Counted.Count(r => GetHandOverReason(r) == reason);

    /// <summary>Whether the record says what became of an issue after its run.</summary>
    public static bool IsOutcomeRecord(RunRecord record) =>
        record.Kind == RunKind.Outcome || record is { Kind: RunKind.Undo, Outcome: RunOutcome.Succeeded };

    /// <summary>Whether the unified pipeline assigned specialists in it.</summary>
    public static bool IsAssignment(RunRecord run) => run is { Outcome: RunOutcome.Succeeded, Specialists.Count: > 0 } && IsUnified(run);

    private static bool Overturns(RunRecord outcome, RunRecord run) =>
        outcome is { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.SpecialistChanged or OutcomeCodes.PullRequestClosed }
        && outcome.Issue == run.Issue
        && outcome.Started >= run.Ended
        && outcome.Started <= run.Ended + ChoiceWindow;

    private static bool IsRightTransition(RunRecord run)
    {
        string[] specialists = [.. run.Specialists.Union(WorkflowLabels.KnownSpecialists, StringComparer.OrdinalIgnoreCase)];
        IReadOnlyList<string> before = run.LabelsBefore!;
        IReadOnlyList<string> after = run.LabelsAfter ??
        [
            .. before
                .Union(run.LabelsAdded ?? [], StringComparer.OrdinalIgnoreCase)
                .Except(run.LabelsRemoved ?? [], StringComparer.OrdinalIgnoreCase),
        ];
        return run.Outcome != RunOutcome.Critical
            && LabelStateMachine.ReadState(before, specialists).IsLegal
            && LabelStateMachine.ReadState(after, specialists) is { IsSettled: true } state
            && (!IsLeftByLegacy(state, after) || IsLegacy(run) || before.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(after));
    }

    /// <summary>Whether <c>site-monitor</c> stands beside a specialist: a state to start from, but not one to end in.</summary>
    private static bool IsLeftByLegacy(WorkflowState state, IReadOnlyList<string> labels) =>
        state.SettledState == IssueState.Assigned && labels.Contains(WorkflowLabels.SiteMonitor, StringComparer.OrdinalIgnoreCase);

    private static bool AsksModel(RunRecord record) => record.Kind is RunKind.Run or RunKind.Comparison;

    private static int CountIssues(IEnumerable<RunRecord> runs) => runs.Select(r => r.Issue).Distinct().Count();
}

/// <summary>Why a person has to act after a run.</summary>
public enum HandOverReason
{
    /// <summary>A valid analysis was not sure enough.</summary>
    Unsure,

    /// <summary>The model gave no usable answer.</summary>
    Unanswered,

    /// <summary>The model or its content filter refused the text, or the model answers other texts but not this one.</summary>
    Refused,

    /// <summary>A stage is switched off and has no fallback.</summary>
    StageDisabled,
    Other,
}
