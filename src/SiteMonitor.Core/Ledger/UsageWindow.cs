using System.Globalization;

namespace SiteMonitor.Core.Ledger;

/// <summary>The use of the last 24 hours: what the ledger has recorded, and runs that are still under way.</summary>
/// <param name="entries">One entry for each run that did work; older ones are ignored.</param>
/// <param name="now">The end of the window.</param>
public sealed class UsageWindow(IEnumerable<UsageEntry> entries, DateTimeOffset now)
{
    /// <summary>Runs of one issue that count as one for its author.</summary>
    private const int RunsOfOneIssue = 3;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly UsageEntry[] _entries = [.. entries.Where(e => e.At > now - Day).OrderBy(e => e.At)];

    /// <summary>Returns why an issue cannot be started now; null when it can.</summary>
    /// <param name="limits">The plan's limits.</param>
    /// <param name="issue">
    /// Canonical <c>owner/repo#number</c>: its first runs count as one issue for its author; each further run counts as another issue.
    /// </param>
    /// <param name="authorKey">Hash of the author; empty where the limit for authors does not apply.</param>
    public UsageDeferral? Check(UsageLimits limits, string issue, string authorKey) =>
        CheckAuthor(limits, issue, authorKey)
        ?? CheckSessions(limits.CopilotSessionsPerHour, Hour, "hour")
        ?? CheckSessions(limits.CopilotSessionsPerDay, Day, "day")
        ?? CheckDollars(limits.DollarsPerHour, Hour, "hour")
        ?? CheckDollars(limits.DollarsPerDay, Day, "day");

    private UsageDeferral? CheckAuthor(UsageLimits limits, string issue, string authorKey)
    {
        if (limits.IssuesPerAuthorPerDay is not { } limit || authorKey.Length == 0)
        {
            return null;
        }

        UsageEntry[] own = [.. _entries.Where(e => e.AuthorKey == authorKey)];
        UsageEntry[] counted =
        [
            .. own.GroupBy(e => e.Issue).SelectMany(runs => runs.Where((_, i) => i is 0 or >= RunsOfOneIssue)).OrderBy(e => e.At),
        ];
        return counted.Length < limit || own.Count(e => e.Issue == issue) is > 0 and < RunsOfOneIssue
            ? null
            : Defer(UsageDeferral.AuthorCode, $"its author has reached the limit of {limit} issues a day", GetFreeAt(counted, limit, Day));
    }

    private UsageDeferral? CheckSessions(int? limit, TimeSpan span, string name)
    {
        UsageEntry[] sessions = [.. _entries.Where(e => e.At > now - span && e.CopilotSessions > 0)];
        return limit is not { } most || sessions.Sum(e => e.CopilotSessions) < most
            ? null
            : Defer(UsageDeferral.CopilotCode, $"the limit of {most} Copilot sessions a {name} is reached",
                GetFreeAt(sessions, most, span));
    }

    private UsageDeferral? CheckDollars(decimal? limit, TimeSpan span, string name)
    {
        UsageEntry[] paid = [.. _entries.Where(e => e.At > now - span && e.Dollars > 0)];
        decimal sum = paid.Sum(e => e.Dollars);
        if (limit is not { } most || sum < most)
        {
            return null;
        }

        int oldest = 0;
        for (; oldest < paid.Length - 1 && sum - paid[oldest].Dollars >= most; oldest++)
        {
            sum -= paid[oldest].Dollars;
        }

        DateTimeOffset freeAt = paid.Length == 0 ? now + span : paid[oldest].At + span;
        return Defer(UsageDeferral.CostCode, string.Create(CultureInfo.InvariantCulture, $"the limit of ${most:0.##} a {name} is reached"),
            freeAt);
    }

    private DateTimeOffset GetFreeAt(UsageEntry[] entries, int limit, TimeSpan span) =>
        limit <= 0 || entries.Length < limit ? now + span : entries[entries.Length - limit].At + span;

    private static UsageDeferral Defer(string code, string cause, DateTimeOffset freeAt) => new(
        code,
        string.Create(CultureInfo.InvariantCulture,
            $"Deferred: {cause}. The issue stays as it is and is taken up later, from {freeAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC on."),
        freeAt);
}

/// <summary>The use of one run.</summary>
/// <param name="Issue">Canonical <c>owner/repo#number</c>.</param>
/// <param name="AuthorKey">Hash of the issue's author; empty when unknown.</param>
/// <param name="At">When it started (UTC).</param>
/// <param name="CopilotSessions">Sessions of the Copilot coding agent that it started.</param>
/// <param name="Dollars">Cost of the model in US dollars.</param>
public sealed record UsageEntry(string Issue, string AuthorKey, DateTimeOffset At, int CopilotSessions, decimal Dollars);

/// <summary>Why an issue is not started now.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Reason">Explanation as display text.</param>
/// <param name="RetryAt">When there is room again (UTC), if nothing else is started until then.</param>
public sealed record UsageDeferral(string Code, string Reason, DateTimeOffset RetryAt)
{
    public const string AuthorCode = "deferred-author-limit";
    public const string CopilotCode = "deferred-copilot-limit";
    public const string CostCode = "deferred-cost-limit";

    /// <summary>Whether a reason code says that an issue was deferred.</summary>
    public static bool IsDeferred(string reasonCode) => reasonCode is AuthorCode or CopilotCode or CostCode;
}
