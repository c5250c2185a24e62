using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Ledger;

/// <summary>Computes the figures that gates, guard, report, dashboard and metrics share from ledger records.</summary>
public sealed class RunStatistics
{
    /// <summary>Reason code of a run that lost or corrupted an issue's text.</summary>
    public const string TextLostCode = "text-lost";

    /// <summary>How long after an assignment an outcome still counts as feedback on the choice.</summary>
    public static readonly TimeSpan ChoiceWindow = TimeSpan.FromDays(14);

    // A delivery of the same moment as the run's own is part of what the issue cost.
    private static readonly TimeSpan DuplicateDeliveryWindow = TimeSpan.FromMinutes(1);

    private static readonly int Reasons = Enum.GetValues<HandOverReason>().Length;

    private readonly IRunFacts[] _counted;
    private readonly int[] _handOvers = new int[Reasons];
    private int _unmatched;
    private int _succeeded;
    private int _errors;
    private int _criticals;
    private Durations? _durations;
    private int? _issues;
    private int? _analyzedIssues;
    private Proportion? _rightChoices;
    private IReadOnlyList<Usage>? _usagePerIssue;

    public RunStatistics(IEnumerable<IRunFacts> records)
    {
        Records = records as IReadOnlyList<IRunFacts> ?? [.. records];
        _counted = [.. Records.Where(r => r.Kind == RunKind.Run && IsCounted(r))];
        foreach (IRunFacts run in _counted)
        {
            Count(run);
        }
    }

    /// <summary>All records that the figures are computed from.</summary>
    public IReadOnlyList<IRunFacts> Records { get; }

    /// <summary>The runs that ended succeeded, waiting, unmatched, failed or critical.</summary>
    public IReadOnlyList<IRunFacts> Counted => _counted;

    /// <summary>Failed and critical runs, of all counted ones.</summary>
    public Proportion Errors => new(_errors, _counted.Length);

    /// <summary>Runs that did their work, of all counted ones that the legacy rules did not leave unmatched.</summary>
    /// <remarks>A run did its work if it succeeded, or if a valid analysis was not sure enough to assign.</remarks>
    public Proportion Successes => new(_succeeded + CountHandOvers(HandOverReason.Unsure), _counted.Length - _unmatched);

    /// <summary>Runs after which a person has to act, of the same runs as <see cref="Successes"/>.</summary>
    public Proportion HandOvers => new(_handOvers.Sum(), _counted.Length - _unmatched);

    /// <summary>Runs that left the issue in no legal state, or lost its text.</summary>
    public Proportion Criticals => new(_criticals, _counted.Length);

    public int FailedIssues => CountIssues(_counted.Where(IsError));

    /// <summary>The number of issues with a counted run.</summary>
    public int Issues => _issues ??= CountIssues(_counted, _counted.Length);

    public int TextLost { get; private set; }

    /// <summary>Runs and moments between runs in which a person changed a workflow label; runs with nothing to do included.</summary>
    public int ManualInterventions => Records.Count(r =>
        r is { Kind: RunKind.Run, ManualIntervention: true } or { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.ManualIntervention });

    /// <summary>Runs with a valid label transition, of those with a known one.</summary>
    /// <remarks>If no run has a known transition, only critical runs count as invalid.</remarks>
    public Proportion ValidTransitions
    {
        get
        {
            int known = _counted.Count(r => r.IsTransitionValid is not null);
            return known > 0
                ? new Proportion(_counted.Count(r => r.IsTransitionValid == true), known)
                : new Proportion(Criticals.Of - Criticals.Count, Criticals.Of);
        }
    }

    /// <summary>Issues whose specialist and pull request people kept, of those that these runs assigned.</summary>
    /// <remarks>Needs outcome records beside the runs (<see cref="IsOutcomeRecord"/>). An assignment that was undone is left out.</remarks>
    public Proportion RightChoices => _rightChoices ??= CountRightChoices();

    /// <summary>What these runs and the comparisons beside them cost, in US dollars.</summary>
    public decimal Dollars => Records.Where(AsksModel).Sum(r => r.Usage.Dollars);

    /// <summary>The model's tokens that these runs and the comparisons beside them used.</summary>
    public long Tokens => Records.Where(AsksModel).Sum(r => (long)r.Usage.PromptTokens + r.Usage.CompletionTokens);

    /// <summary>
    /// The number of issues that were analyzed: in a counted run of the unified logic, or by a comparison, within a legacy run or beside
    /// it.
    /// </summary>
    public int AnalyzedIssues => _analyzedIssues ??= CountIssues(
        Counted.Where(r => IsUnified(r) || IsAnalyzed(r)).Concat(Records.Where(r => r.Kind == RunKind.Comparison && IsAnalyzed(r))),
        Counted.Count(IsUnified));

    /// <summary>Durations of the runs that did not fail; a failed one's says nothing about speed.</summary>
    public Durations Durations => _durations ??= new Durations(_counted.Where(HasDuration).Select(r => r.DurationMs / 1000.0));

    /// <summary>Whether the run ended with a result: it had something to do, and did not begin anew.</summary>
    /// <remarks>What people do (an issue deleted, transferred, locked) ends a run as skipped and says nothing about the pipeline.</remarks>
    public static bool IsCounted(IRunFacts run) => run.Outcome is not (RunOutcome.Skipped or RunOutcome.Rerouted);

    public static bool IsError(IRunFacts run) => run.Outcome is RunOutcome.Failed or RunOutcome.Critical;

    public static bool IsTextLost(IRunFacts run) => run is { Outcome: RunOutcome.Critical, ReasonCode: TextLostCode };

    /// <summary>Whether the unified logic ran in it, so that its failure speaks against that logic.</summary>
    public static bool IsUnified(IRunFacts run) =>
        run is { Kind: RunKind.Run, Route: Logic.Unified, RanUnified: true };

    /// <summary>Whether it failed before the flags were read (an expired token, for example), so it counts against neither logic.</summary>
    public static bool IsUnrouted(IRunFacts run) => run is { Kind: RunKind.Run, Route: null } && IsError(run);

    /// <summary>Whether error and success rate count it: the unified logic's runs, and those that failed before routing.</summary>
    public static bool CountsForRates(IRunFacts run) => IsUnified(run) || IsUnrouted(run);

    public static bool IsLegacy(IRunFacts run) => run is { Kind: RunKind.Run, Route: Logic.Legacy };

    /// <summary>Whether its duration says something about speed.</summary>
    public static bool HasDuration(IRunFacts run) =>
        run is { Kind: RunKind.Run, Outcome: RunOutcome.Succeeded or RunOutcome.Waiting or RunOutcome.Unmatched };

    /// <summary>Returns why a person has to act after the run; null when nobody has to.</summary>
    public static HandOverReason? GetHandOverReason(IRunFacts run) => run.Outcome != RunOutcome.Waiting ? null : run.ReasonCode switch
    {
        WaitCodes.ScoreBetween or WaitCodes.ScoreLow => HandOverReason.Unsure,
        WaitCodes.ModelRefused or WaitCodes.ModelUnanswerable => HandOverReason.Refused,
        var code when code.StartsWith(WaitCodes.ModelPrefix, StringComparison.Ordinal) => HandOverReason.Unanswered,
        WaitCodes.AnalysisDisabled or WaitCodes.PreparationDisabled => HandOverReason.StageDisabled,
        _ => HandOverReason.Other,
    };

    /// <summary>Whether the analysis waits because the model gave no usable answer.</summary>
    public static bool IsUnanswered(IRunFacts run) => GetHandOverReason(run) == HandOverReason.Unanswered;

    /// <summary>
    /// Whether the analysis waits because of its text: the model, or its content filter, declined it, or answers only others.
    /// </summary>
    public static bool IsRefusedByModel(IRunFacts run) => GetHandOverReason(run) == HandOverReason.Refused;

    /// <summary>Whether the issue's author made the run wait, so that it says nothing about the pipeline's speed.</summary>
    public static bool IsCausedByAuthor(IRunFacts run) => IsRefusedByModel(run)
        || run is { Outcome: RunOutcome.Waiting, ReasonCode: WaitCodes.TextKeepsChanging or WaitCodes.TextSwapped
            or WaitCodes.CopilotNotUnassigned or WaitCodes.TextRefused or WaitCodes.WriteRefused };

    /// <summary>Whether an issue went from its first delivery to Copilot in this run.</summary>
    public static bool IsEndToEnd(IRunFacts run) =>
        run is { Kind: RunKind.Run, Outcome: RunOutcome.Succeeded, RanUnified: true, Stages: var stages }
        && stages.All(s => s.Logic == Logic.Unified)
        && stages.Any(s => s.Stage == Stage.Analysis)
        && stages.Any(s => s.Stage == Stage.Preparation);

    /// <summary>
    /// Returns a count of requests for each issue that went to Copilot, over all its runs up to then: from the first delivery,
    /// or from the last answer to a waiting issue, and with a second delivery of the same moment.
    /// </summary>
    /// <param name="count">The requests to count: <c>usage => usage.GitHubWrites</c>.</param>
    public IReadOnlyList<int> CountCallsPerIssue(Func<Usage, int> count) => [.. (_usagePerIssue ??= SumUsagePerIssue()).Select(count)];

    /// <summary>Returns the number of runs that handed over to a person for a reason.</summary>
    public int CountHandOvers(HandOverReason reason) => _handOvers[(int)reason];

    /// <summary>Whether the record says what became of an issue after its run.</summary>
    public static bool IsOutcomeRecord(IRunFacts record) =>
        record.Kind == RunKind.Outcome || record is { Kind: RunKind.Undo, Outcome: RunOutcome.Succeeded };

    /// <summary>Whether the unified pipeline assigned specialists in it.</summary>
    public static bool IsAssignment(IRunFacts run) => run is { Outcome: RunOutcome.Succeeded, Specialists.Count: > 0 } && IsUnified(run);

    private static bool Overturns(IRunFacts outcome, IRunFacts run) =>
        outcome is { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.SpecialistChanged or OutcomeCodes.PullRequestClosed }
        && outcome.Issue == run.Issue
        && outcome.Started >= run.Ended
        && outcome.Started <= run.Ended + ChoiceWindow;

    private Proportion CountRightChoices()
    {
        // The last assignment of each issue. Not grouped: a group for each of 100,000 issues would be most of what a figure allocates.
        Dictionary<string, IRunFacts> assigned = new(_counted.Count(IsAssignment), StringComparer.Ordinal);
        foreach (IRunFacts run in _counted.Where(IsAssignment))
        {
            if (!assigned.TryGetValue(run.Issue, out IRunFacts? other) || run.Ended > other.Ended)
            {
                assigned[run.Issue] = run;
            }
        }

        (int undone, int overturned) = (0, 0);
        foreach (IGrouping<string, IRunFacts> later in
            Records.Where(r => IsOutcomeRecord(r) && assigned.ContainsKey(r.Issue)).GroupBy(r => r.Issue))
        {
            IRunFacts run = assigned[later.Key];
            bool isUndone = later.Any(r => r.Kind == RunKind.Undo && r.Ended >= run.Ended);
            undone += isUndone ? 1 : 0;
            overturned += !isUndone && later.Any(r => Overturns(r, run)) ? 1 : 0;
        }

        return new Proportion(assigned.Count - undone - overturned, assigned.Count - undone);
    }

    private IReadOnlyList<Usage> SumUsagePerIssue()
    {
        Dictionary<string, IRunFacts> handedOver = new(
            Records.Count(r => r is { Kind: RunKind.Run, Outcome: RunOutcome.Succeeded, RanUnified: true }), StringComparer.Ordinal);
        foreach (IRunFacts run in Records.Where(IsEndToEnd))
        {
            if (!handedOver.TryGetValue(run.Issue, out IRunFacts? other) || run.Started < other.Started)
            {
                handedOver[run.Issue] = run;
            }
        }

        Dictionary<string, DateTimeOffset> since = new(StringComparer.Ordinal);
        foreach (IRunFacts run in Records)
        {
            if (run is { Kind: RunKind.Run, Outcome: RunOutcome.Waiting } && handedOver.TryGetValue(run.Issue, out IRunFacts? last)
                && run.Started < last.Started && run.Ended > since.GetValueOrDefault(run.Issue))
            {
                since[run.Issue] = run.Ended;
            }
        }

        Dictionary<string, Usage> sums = new(handedOver.Count, StringComparer.Ordinal);
        foreach (IRunFacts run in Records)
        {
            if (run.Kind == RunKind.Run && handedOver.TryGetValue(run.Issue, out IRunFacts? last)
                && run.Started >= since.GetValueOrDefault(run.Issue) && run.Started <= last.Ended + DuplicateDeliveryWindow)
            {
                sums[run.Issue] = sums.TryGetValue(run.Issue, out Usage? sum) ? sum + run.Usage : run.Usage;
            }
        }

        return [.. sums.Values];
    }

    private void Count(IRunFacts run)
    {
        _unmatched += run.Outcome == RunOutcome.Unmatched ? 1 : 0;
        _succeeded += run.Outcome == RunOutcome.Succeeded ? 1 : 0;
        _errors += IsError(run) ? 1 : 0;
        _criticals += run.Outcome == RunOutcome.Critical ? 1 : 0;
        TextLost += IsTextLost(run) ? 1 : 0;
        if (GetHandOverReason(run) is { } reason)
        {
            _handOvers[(int)reason]++;
        }
    }

    /// <summary>Whether the run used an answer of the model, new or cached.</summary>
    internal static bool IsAnalyzed(IRunFacts record) => record.Usage.ModelCalls + record.Usage.CacheHits > 0;

    private static bool AsksModel(IRunFacts record) => record.Kind is RunKind.Run or RunKind.Comparison;

    /// <param name="capacity">
    /// Number of runs, where it is large: a set that grows to 100,000 issues leaves as much again on the large object heap.
    /// </param>
    private static int CountIssues(IEnumerable<IRunFacts> runs, int capacity = 0)
    {
        HashSet<string> issues = new(capacity, StringComparer.Ordinal);
        issues.UnionWith(runs.Select(r => r.Issue));
        return issues.Count;
    }
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
