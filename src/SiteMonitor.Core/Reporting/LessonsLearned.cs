using System.Globalization;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>Drafts the lessons learned from audit log, incidents and ledger. Each line names its source; people add the rest.</summary>
internal sealed class LessonsLearned(RolloutPlan plan, RolloutState state, IReadOnlyList<AuditEntry> audit, MetricsSummary summary)
{
    public IReadOnlyList<string> WentWell()
    {
        List<string> lines =
            [.. summary.Figures.Where(f => f.Status == MetricFigure.Met).Select(f => $"{f.Title}: {f.Text} (target {f.Target})")];
        int advances = audit.Count(e => e.What == "advance");
        int rollbacks = Rollbacks.Length;
        if (advances > 0 && rollbacks == 0)
        {
            lines.Add($"{advances} phase change(s) without a rollback");
        }

        lines.AddRange(Rollbacks.Where(e => e.Who == "guard").Select(e => $"The guard rolled back by itself at {At(e.At)}: {e.Reason}"));
        return lines;
    }

    public IReadOnlyList<string> CouldBeImproved()
    {
        List<string> lines =
            [.. summary.Figures.Where(f => f.Status == MetricFigure.Missed).Select(f => $"{f.Title}: {f.Text} (target {f.Target})")];
        lines.AddRange(Rollbacks.Select(e => $"Rollback in phase {e.Phase} at {At(e.At)} by {e.Who}: {e.Reason}"));
        lines.AddRange(state.Incidents.Select(Describe));
        lines.AddRange(summary.Failures.Take(5)
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Runs} run(s) failed with '{f.Code}', for example {f.Issue}")));
        lines.AddRange(audit.Where(e => e.What == "drift").Select(e => $"A flag was changed outside at {At(e.At)}: {e.After}"));
        return lines;
    }

    public IReadOnlyList<string> ActionItems()
    {
        List<string> lines = [.. state.Incidents.Where(i => i.IsOpen).Select(i => $"Resolve {i.Id}: {i.Title}")];
        lines.AddRange(state.Incidents.Where(i => i is { IsOpen: false, FollowedUp: null })
            .Select(i => $"Finish the post-mortem of {i.Id} and its follow-ups, then: incidents update {i.Id} --reason \"where it is\""));
        lines.AddRange((plan.Find(state.Phase)?.Gate ?? [])
            .Where(c =>
                c.Confirm is { Length: > 0 } && !state.Confirmations.Any(done => done.Criterion == c.Id && done.Phase == state.Phase))
            .Select(c => $"Confirm '{c.Title}': rollout confirm {c.Id}"));
        lines.AddRange(summary.Commands.Select(c => $"Find who still calls '{c.Command}' (last at {At(c.Last)})"));
        return lines;
    }

    private AuditEntry[] Rollbacks => [.. audit.Where(e => e.What == "rollback")];

    private static string Describe(Incident incident)
    {
        string lasted = incident.Resolved is { } resolved
            ? string.Create(CultureInfo.InvariantCulture, $"{(resolved - incident.Opened).TotalMinutes:0} min")
            : "still open";
        return $"{incident.Id} in phase {incident.Phase}: {incident.Title} ({lasted})";
    }

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
