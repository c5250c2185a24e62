using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Functions.Starting;

/// <summary>What became of the start of a run on one issue: one of the two is set.</summary>
public sealed record IssueStart(StartResponse? Answer, Problem? Refused)
{
    public static IssueStart Of(StartResponse answer) => new(answer, null);

    public static IssueStart Refuse(int status, string title, string detail) => new(null, new Problem { Title = title, Status = status, Detail = detail });
}
