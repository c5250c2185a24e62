using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>The rollout's state in one word, with the reason and the next action.</summary>
/// <param name="Word"><c>healthy</c>, <c>watching</c>, <c>blocked</c>, <c>rolled-back</c>, <c>frozen</c> or <c>down</c>.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="Action">The operation that helps, as its route is named; empty when there is nothing to do but wait.</param>
/// <param name="Target">The incident, criterion or missed figure it is about; empty for the rollout as a whole.</param>
/// <param name="Next">What to do next, as display text.</param>
public sealed record Verdict(string Word, string Reason, string Action, string Target, string Next)
{
    /// <summary>Nothing is wrong, and there are enough runs to say so.</summary>
    public const string Healthy = "healthy";

    /// <summary>Nothing is wrong so far, but there is too little to judge by, or a target is missed in the last phase.</summary>
    public const string Watching = "watching";

    /// <summary>The rollout cannot proceed until a person acts.</summary>
    public const string Blocked = "blocked";

    public const string RolledBack = "rolled-back";
    public const string Frozen = "frozen";

    /// <summary>The guard does not run, or the flags cannot be read.</summary>
    public const string Down = "down";

    /// <summary>With fewer runs the word is <see cref="Watching"/>; the same number the gates ask for.</summary>
    private const int EnoughRuns = 20;

    public static Verdict Of(RolloutStatus status)
    {
        Incident? unacknowledged = status.Incidents.FirstOrDefault(i => i is { IsOpen: true, Acknowledged: null });
        return status switch
        {
            { GuardProblem: { Length: > 0 } problem } => new(Down, FirstSentence(problem), string.Empty, string.Empty, problem),
            { RolledBack: { } mark } => OfRollback(mark, unacknowledged),
            { Frozen: { } frozen } => new(Frozen, $"Frozen by {frozen.By}: {frozen.Reason}", "unfreeze", string.Empty,
                "Unfreeze when the reason no longer applies."),
            _ => FindBlock(status, unacknowledged) ?? OfGate(status),
        };
    }

    private static Verdict OfRollback(RollbackState mark, Incident? unacknowledged) => unacknowledged is { } incident
        ? new(RolledBack, Describe(mark), "acknowledge", incident.Id, $"Acknowledge {incident.Id}, fix the cause, then resume.")
        : new(RolledBack, Describe(mark), "resume", string.Empty, "Fix the cause, then resume: the phase's flags are set again.");

    private static string Describe(RollbackState mark) =>
        $"{char.ToUpperInvariant(mark.Title[0])}{mark.Title[1..]} by {mark.By}: {mark.Reason}";

    private static Verdict? FindBlock(RolloutStatus status, Incident? unacknowledged)
    {
        if (unacknowledged is { } incident)
        {
            return new(Blocked, $"{incident.Id} is open and nobody has acknowledged it: {incident.Title}", "acknowledge", incident.Id,
                $"Acknowledge {incident.Id}.");
        }

        if (status.FlagProblems is [{ } problem, ..])
        {
            return new(Blocked, problem, string.Empty, string.Empty,
                "Make the flag store reachable; until then the last known flags apply.");
        }

        if (status.Transition.Length > 0)
        {
            return new(Blocked, $"Flags are being changed: {status.Transition}", string.Empty, string.Empty,
                "Wait: the guard tries again each minute.");
        }

        if (status.Incidents.FirstOrDefault(i => i.IsOpen) is { } open)
        {
            return new(Blocked, $"{open.Id} is open: {open.Title}", "resolve", open.Id, $"Resolve {open.Id} when its cause is fixed.");
        }

        if (status.Flags.Where(f => f.Wanted.Length > 0).ToArray() is { Length: > 0 } drifted)
        {
            string flags = string.Join(", ", drifted.Select(f => f.Flag));
            return new(Blocked, $"{Count(drifted.Length, "flag differs", "flags differ")} from the plan: {flags}.", "overwrite-drift",
                string.Empty, "Put the flags back, or set them to the plan.");
        }

        return status.Gate.FirstOrDefault(c => c.State == CriterionState.Unmet) is { } unmet
            ? new(Blocked, $"The gate is not met: {unmet.Title} is {unmet.Value}, target {unmet.Target}.", string.Empty, unmet.Id,
                status.Next)
            : null;
    }

    private static Verdict OfGate(RolloutStatus status)
    {
        int met = status.Gate.Count(c => c.State == CriterionState.Met);
        int runs = Math.Max(status.Cohorts.Unified, status.Gate.Select(c => c.Sample).DefaultIfEmpty().Max());
        string judged = runs >= EnoughRuns ? Healthy : Watching;
        if (status.MissedTargets is [var missed, ..])
        {
            string others = status.MissedTargets.Count == 1 ? string.Empty
                : $" Also missed: {string.Join(", ", status.MissedTargets.Skip(1).Select(f => f.Title))}.";
            return new(Watching,
                "The rollout is complete, but the last 24 hours miss a target: " +
                    $"{missed.Title} is {missed.Text}, target {missed.Target}.{others}",
                string.Empty, missed.Id, "Find the cause: report shows the figures of a longer span.");
        }

        if (status.Gate.Count == 0)
        {
            return judged == Healthy
                ? new(Healthy, "The rollout is complete and nothing is wrong.", string.Empty, string.Empty,
                    "Nothing to do: review the targets daily.")
                : new(Watching, $"The rollout is complete; {Count(runs, "issue", "issues")} in the last 24 hours, too few to judge by.",
                    string.Empty, string.Empty, "Nothing to do: review the targets daily.");
        }

        if (met == status.Gate.Count)
        {
            return new(Healthy, $"Nothing is wrong and the gate of '{status.Phase}' is met.", "advance", string.Empty,
                "Advance to the next phase.");
        }

        string open = $"{met} of {status.Gate.Count} criteria of the gate are met";
        string[] toConfirm = [.. status.Gate.Where(c => c.State == CriterionState.Open && c.NeedsConfirmation).Select(c => c.Id)];
        bool onlyConfirmations = toConfirm.Length == status.Gate.Count - met;
        string reason = judged == Healthy
            ? $"Nothing is wrong; {open}."
            : $"Nothing is wrong so far, with {(runs == 0 ? "no run yet" : $"only {Count(runs, "run", "runs")}")} to judge by; {open}.";

        // Before there is data, there is nothing to confirm by.
        return onlyConfirmations
            ? new(judged, reason, "confirm", toConfirm[0], "Confirm what only a person can judge.")
            : new(judged, reason, string.Empty, string.Empty, status.Next);
    }

    private static string FirstSentence(string text) =>
        text.IndexOf(": ", StringComparison.Ordinal) is > 0 and int end ? $"{text[..end]}." : text;

    private static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
