using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>
/// Opens incidents for problems that an issue's author can cause and a person should check: a swapped text, refused writes, a limit of
/// the plan. Nothing is rolled back. One that is open is not opened again, and a limit has at most one in 24 hours.
/// </summary>
internal static class OutcomeIncidents
{
    private const int IssuesNamed = 5;
    private const int RefusedWritesInRow = 3;
    private const string LimitAdvice =
        "Issues stay as they are and are processed later. See which runs use up the limit (GET runs), or raise it in the plan's 'limits'.";

    private static readonly TimeSpan LimitQuiet = TimeSpan.FromHours(24);

    // By the run's reason code, which is also the incident's signal.
    private static readonly Dictionary<string, (string Title, string Advice)> Kinds = new()
    {
        [WaitCodes.TextSwapped] = (
            "An issue's text was swapped while it was handed to Copilot",
            "Copilot was unassigned and the text restored. Read the issue's edit history; if it was an attack, block the author."),
        [WaitCodes.CopilotNotUnassigned] = (
            "Copilot works on a text that nobody analyzed",
            "Unassign Copilot from the issue by hand, and close a pull request that it opened. Then read the issue's edit history."),
        [WaitCodes.WriteRefused] = (
            "GitHub refuses to write issues that it shows",
            "If the issues have one author, that author blocks our user: process them by hand. Otherwise check the credential's rights."),
        [UsageDeferral.AuthorCode] = (
            "An author has reached the limit of issues a day",
            "The issues stay as they are and are taken up later. If the author is trusted, name it in limits.trustedAuthors of the plan."),
        [UsageDeferral.CopilotCode] = ("The limit of Copilot sessions is reached", LimitAdvice),
        [UsageDeferral.CostCode] = ("The limit of dollars for the model is reached", LimitAdvice),
    };

    /// <param name="runs">All recent runs.</param>
    public static void Open(IReadOnlyList<IRunFacts> runs, RolloutEdit edit)
    {
        foreach (IGrouping<string, IRunFacts> kind in runs.Where(r => Kinds.ContainsKey(r.ReasonCode)).GroupBy(r => r.ReasonCode))
        {
            Incident? last = edit.State.Incidents.LastOrDefault(i => i.Signal == kind.Key);
            IRunFacts[] news = [.. kind.Where(r => last is null || r.Ended > (last.Resolved ?? last.Opened)).OrderBy(r => r.Ended)];
            if (news.Length == 0 || last is { IsOpen: true }
                || (kind.Key == WaitCodes.WriteRefused && !IsInRow(runs, news))
                || (UsageDeferral.IsDeferred(kind.Key) && edit.Now - last?.Opened < LimitQuiet))
            {
                continue;
            }

            string[] issues = [.. news.Select(r => r.Issue).Distinct()];
            string more = issues.Length > IssuesNamed ? $" and {issues.Length - IssuesNamed} more" : string.Empty;
            string seen = $"{news[0].Reason} Seen on {string.Join(", ", issues.Take(IssuesNamed))}{more}.";
            (string title, string advice) = Kinds[kind.Key];
            edit.OpenIncident(title, AuditEntry.Guard, [seen, advice], kind.Key, isCausedByAuthors: true);
        }
    }

    /// <summary>Whether so many consecutive unified runs were refused that a single issue is unlikely to be the cause.</summary>
    private static bool IsInRow(IReadOnlyList<IRunFacts> runs, IRunFacts[] refused)
    {
        int inRow = 0;
        return runs.Where(r => RunStatistics.IsUnified(r) && r.Outcome is not RunOutcome.Skipped && r.Ended >= refused[0].Ended)
            .OrderBy(r => r.Ended)
            .Any(r => (inRow = r.ReasonCode == WaitCodes.WriteRefused ? inRow + 1 : 0) == RefusedWritesInRow);
    }
}
