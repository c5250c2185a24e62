using Microsoft.FeatureManagement.FeatureFilters;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>What the filters see of an issue: the canonical issue as the user, its repository as the group, its labels.</summary>
internal sealed class IssueTargetingContext : ITargetingContext
{
    public IssueTargetingContext(IssueRef issue, IReadOnlyCollection<string> labels)
    {
        UserId = issue.Canonical;
        Groups = [issue.Repository.Canonical];
        Labels = labels;
    }

    public string UserId { get; set; }

    public IEnumerable<string> Groups { get; set; }

    public IReadOnlyCollection<string> Labels { get; }
}
