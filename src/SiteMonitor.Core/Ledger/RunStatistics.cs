using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Ledger;

/// <summary>The figures that gates, guard, report, dashboard and metrics share, over a set of ledger records. The definitions are PRODUCT 4's.</summary>
public sealed class RunStatistics
{
    /// <summary>The code of a run that lost or corrupted an issue's text.</summary>
    public const string TextLostCode = "text-lost";

    public RunStatistics(IEnumerable<RunRecord> records)
    {
        RunRecord[] runs = [.. records.Where(r => r.Kind == RunKind.Run)];
        Counted = [.. runs.Where(r => r.Outcome != RunOutcome.Skipped)];
        ManualInterventions = runs.Count(r => r.ManualIntervention);
        Durations = new Durations(Counted.Where(HasDuration).Select(r => r.DurationMs / 1000.0));
    }

    /// <summary>All runs but those that had nothing to do.</summary>
    public IReadOnlyList<RunRecord> Counted { get; }

    /// <summary>(failed + critical) / all but skipped.</summary>
    public Proportion Errors => new(Counted.Count(IsError), Counted.Count);

    /// <summary>Succeeded, waiting for a person, or unmatched by the legacy rules: what the pipeline is there for.</summary>
    public Proportion Successes => new(Counted.Count(r => !IsError(r)), Counted.Count);

    /// <summary>Runs that left the issue in no legal state, or lost its text.</summary>
    public Proportion Criticals => new(Counted.Count(r => r.Outcome == RunOutcome.Critical), Counted.Count);

    /// <summary>Issues with a critical run, of all issues.</summary>
    public Proportion CriticalIssues => new(
        Counted.Where(r => r.Outcome == RunOutcome.Critical).Select(r => r.Issue).Distinct().Count(),
        Counted.Select(r => r.Issue).Distinct().Count());

    public int FailedIssues => Counted.Where(IsError).Select(r => r.Issue).Distinct().Count();

    public int TextLost => Counted.Count(IsTextLost);

    /// <summary>Of all runs: a person's change is what makes many a run end with nothing to do.</summary>
    public int ManualInterventions { get; }

    /// <summary>Of the runs that came to an end of their own; a failed one's says nothing about speed.</summary>
    public Durations Durations { get; }

    public static bool IsError(RunRecord run) => run.Outcome is RunOutcome.Failed or RunOutcome.Critical;

    public static bool IsTextLost(RunRecord run) => run is { Outcome: RunOutcome.Critical, ReasonCode: TextLostCode };

    /// <summary>Whether the new logic had a part in it, so that its failure speaks against the new logic.</summary>
    public static bool IsUnified(RunRecord run) =>
        run is { Kind: RunKind.Run, Route: Logic.Unified } && (run.Stages.Count == 0 || run.Stages.Any(s => s.Logic == Logic.Unified));

    /// <summary>Whether it failed before the flags were asked, as with an expired token: neither logic's failure, but an issue that was not taken care of.</summary>
    public static bool IsUnrouted(RunRecord run) => run is { Kind: RunKind.Run, Route: null } && IsError(run);

    /// <summary>What error and success rate are over: the new logic's runs, and those that would have been for it or the other and did not get so far.</summary>
    public static bool IsRated(RunRecord run) => IsUnified(run) || IsUnrouted(run);

    public static bool IsLegacy(RunRecord run) => run is { Kind: RunKind.Run, Route: Logic.Legacy };

    /// <summary>Whether its duration says something about speed: a failed run's does not.</summary>
    public static bool HasDuration(RunRecord run) => run is { Kind: RunKind.Run, Outcome: RunOutcome.Succeeded or RunOutcome.Waiting or RunOutcome.Unmatched };

    /// <summary>Whether the analysis waits because the model gave no usable answer.</summary>
    public static bool IsUnanswered(RunRecord run) =>
        run.Outcome == RunOutcome.Waiting && run.ReasonCode.StartsWith("model-", StringComparison.Ordinal) && !IsRefusedByModel(run);

    /// <summary>Whether the analysis waits because the model's content filter refused the text.</summary>
    public static bool IsRefusedByModel(RunRecord run) => run is { Outcome: RunOutcome.Waiting, ReasonCode: "model-refused" };
}
