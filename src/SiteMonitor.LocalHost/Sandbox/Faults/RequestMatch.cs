namespace SiteMonitor.LocalHost.Sandbox.Faults;

/// <summary>The words by which faults and hooks name requests.</summary>
internal static class RequestMatch
{
    public static string[] Words(string match) => match.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static HashSet<string> Tags(params IEnumerable<string> tags) => new(tags.Append("any"), StringComparer.OrdinalIgnoreCase);
}
