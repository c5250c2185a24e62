using System.Globalization;
using GraphQL;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>Applies filters and order of <c>Repository.issues</c>. Several labels mean any of them, unlike in REST.</summary>
internal static class RepositoryIssues
{
    public static IEnumerable<SimulatedIssue> Of(SimulatedRepository repository, GraphContext context, IResolveFieldContext field)
    {
        IEnumerable<SimulatedIssue> issues = context.State.Issues(repository.Key).Where(i => !i.IsPullRequest);
        issues = Filter(issues, field.GetArgument<List<string>?>("labels"), field.GetArgument<List<string>?>("states"));
        if (field.GetArgument<Dictionary<string, object?>?>("filterBy") is { } filter)
        {
            issues = Filter(issues, Strings(filter, "labels"), Strings(filter, "states"));
            if (DateTimeOffset.TryParse(
                filter.GetValueOrDefault("since") as string, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out DateTimeOffset since))
            {
                issues = issues.Where(i => i.UpdatedAt >= since);
            }
        }

        return Order(issues, field.GetArgument<Dictionary<string, object?>?>("orderBy"));
    }

    private static IEnumerable<SimulatedIssue> Filter(IEnumerable<SimulatedIssue> issues, List<string>? labels, List<string>? states)
    {
        if (labels is not null)
        {
            issues = issues.Where(i => labels.Any(i.Has));
        }

        return states is null ? issues : issues.Where(i => states.Contains(i.IsOpen ? "OPEN" : "CLOSED"));
    }

    private static IEnumerable<SimulatedIssue> Order(IEnumerable<SimulatedIssue> issues, Dictionary<string, object?>? order)
    {
        Func<SimulatedIssue, (long, int)> key = (order?.GetValueOrDefault("field") as string) switch
        {
            "UPDATED_AT" => i => (i.UpdatedAt.Ticks, i.Number),
            "COMMENTS" => i => (i.Comments.Count, i.Number),
            _ => i => (i.CreatedAt.Ticks, i.Number),
        };
        return order?.GetValueOrDefault("direction") as string == "DESC" ? issues.OrderByDescending(key) : issues.OrderBy(key);
    }

    private static List<string>? Strings(Dictionary<string, object?> filter, string name) =>
        filter.GetValueOrDefault(name) is IEnumerable<object?> values ? [.. values.OfType<string>()] : null;
}
