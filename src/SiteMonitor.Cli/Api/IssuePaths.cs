using System.Globalization;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Cli.Api;

internal static class IssueRoute
{
    /// <summary>The route of one issue, below the prefix.</summary>
    public static string Of(IssueRef issue) =>
        $"pipeline/issues/{Uri.EscapeDataString(issue.Repository.Owner)}/{Uri.EscapeDataString(issue.Repository.Name)}/{issue.Number.ToString(CultureInfo.InvariantCulture)}";
}
