using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Forecast;

/// <summary>How fast the plan's limits admit a number of issues, if nothing else counts against them.</summary>
/// <param name="FirstDay">Issues admitted in the first 24 hours.</param>
/// <param name="Days">Days until all are admitted; null when that never happens.</param>
public sealed record AdmissionForecast(int FirstDay, int? Days)
{
    private const int HoursADay = 24;

    /// <param name="limits">The plan's limits.</param>
    /// <param name="authors">The author's login of each issue; empty for deleted accounts, which count as one.</param>
    /// <param name="sessions">Copilot sessions that an issue takes on average.</param>
    /// <param name="dollars">Dollars that an issue costs on average; null when unknown, which leaves the limits in dollars out.</param>
    public static AdmissionForecast Of(UsageLimits limits, IReadOnlyCollection<string> authors, double sessions, decimal? dollars)
    {
        double together = Math.Min(
            Count(Least(limits.CopilotSessionsPerDay, limits.CopilotSessionsPerHour), (decimal)sessions),
            Count(Least(limits.DollarsPerDay, limits.DollarsPerHour), dollars ?? 0));
        int[] byAuthor = [.. authors.Where(a => !limits.IsTrusted(a)).GroupBy(a => a.ToLowerInvariant()).Select(issues => issues.Count())];
        int perAuthor = limits.IssuesPerAuthorPerDay ?? int.MaxValue;
        int held = byAuthor.Sum(count => Math.Max(0, count - perAuthor));
        double firstDay = Math.Min(together, authors.Count - held);
        int? days = Max(CountDays(authors.Count, together), CountDays(byAuthor.DefaultIfEmpty().Max(), perAuthor));
        return new AdmissionForecast((int)firstDay, days);
    }

    private static decimal? Least(decimal? perDay, decimal? perHour) =>
        perHour is { } hour && (perDay is not { } day || hour * HoursADay < day) ? hour * HoursADay : perDay;

    /// <summary>Returns how many issues fit. One is admitted while the sum is below the limit, so the last one may exceed it.</summary>
    private static double Count(decimal? limit, decimal each) =>
        limit is { } most && (each > 0 || most == 0) ? (double)Math.Ceiling(most / Math.Max(each, 0.000001m)) : double.PositiveInfinity;

    private static int? CountDays(int issues, double perDay) =>
        issues == 0 ? 1 : perDay < 1 ? null : Math.Max(1, (int)Math.Ceiling(issues / perDay));

    private static int? Max(int? one, int? other) => one is { } a && other is { } b ? Math.Max(a, b) : null;
}
