using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>
/// Speaks up when runs fail before the flags are asked, as with an expired token. That is neither logic's failure and a rollback would not help, so it opens an incident
/// and leaves the flags; by the guard's own limits: so many issues, and more than that share of the window's runs.
/// </summary>
internal static class UnroutedRunsDetector
{
    /// <param name="runs">All runs of the longest window.</param>
    /// <returns>What it saw, for people; empty when no run failed so.</returns>
    public static string Record(IEnumerable<RunRecord> runs, GuardPlan plan, RolloutEdit edit)
    {
        RunStatistics recent = new(runs.Where(r => r.Ended > From(plan, edit)));
        RunRecord[] failed = [.. recent.Counted.Where(RunStatistics.IsUnrouted)];
        if (failed.Length == 0)
        {
            return string.Empty;
        }

        string codes = string.Join(", ", failed.GroupBy(r => r.ReasonCode).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}"));
        string saw = $"{failed.Length} of {recent.Counted.Count} runs of the last {plan.WindowMinutes} min failed before the routing decision ({codes})";
        bool speaks = failed.Select(r => r.Issue).Distinct().Count() >= plan.MinimumFailedIssues && failed.Length > plan.ErrorRateAbove * recent.Counted.Count;
        if (speaks && GuardIncidents.Find(edit, GuardSignals.Unrouted) is null)
        {
            GuardIncidents.Report(
                edit, GuardSignals.Unrouted, "Runs fail before the routing decision", [$"{saw}, for example {failed[^1].Issue}: {failed[^1].Reason}", "Neither logic gets to work, so a rollback would not help: doctor says what is wrong."]);
        }

        return saw;
    }

    // What was resolved is not held up again.
    private static DateTimeOffset From(GuardPlan plan, RolloutEdit edit)
    {
        DateTimeOffset window = edit.Now.AddMinutes(-plan.WindowMinutes);
        DateTimeOffset? resolved = edit.State.Incidents.Where(i => i.Signal == GuardSignals.Unrouted).Max(i => i.Resolved);
        return resolved > window ? resolved.Value : window;
    }
}
