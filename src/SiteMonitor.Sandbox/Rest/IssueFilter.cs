using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>Applies the filters and orders of GitHub's list of issues.</summary>
internal static class IssueFilter
{
    public static IEnumerable<SimulatedIssue> Apply(IEnumerable<SimulatedIssue> issues, ApiRequest request)
    {
        string state = OneOf(request, "state", "open", "closed", "all");
        string sort = OneOf(request, "sort", "created", "updated", "comments");
        bool ascending = OneOf(request, "direction", "desc", "asc") == "asc";
        string[] labels = request.Query("labels")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        issues = issues.Where(i => (state == "all" || i.IsOpen == (state == "open")) && labels.All(i.Has));
        return Order(issues, sort, ascending);
    }

    private static IEnumerable<SimulatedIssue> Order(IEnumerable<SimulatedIssue> issues, string sort, bool ascending)
    {
        Func<SimulatedIssue, (long, int)> key = sort switch
        {
            "updated" => i => (i.UpdatedAt.Ticks, i.Number),
            "comments" => i => (i.Comments.Count, i.Number),
            _ => i => (i.CreatedAt.Ticks, i.Number),
        };
        return ascending ? issues.OrderBy(key) : issues.OrderByDescending(key);
    }

    private static string OneOf(ApiRequest request, string name, params ReadOnlySpan<string> allowed)
    {
        string? value = request.Query(name);
        return value is null ? allowed[0] : allowed.Contains(value) ? value : throw GitHubErrorException.Invalid(
            "Issue", name, "invalid", $"{name} is invalid", value);
    }
}
