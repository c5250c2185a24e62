using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Feature filter that matches if the issue has one of the given labels, ignoring case.</summary>
[FilterAlias(FlagNames.IssueLabelFilter)]
internal sealed class IssueLabelFilter : IContextualFeatureFilter<IssueTargetingContext>
{
    public Task<bool> EvaluateAsync(FeatureFilterEvaluationContext context, IssueTargetingContext target) =>
        Task.FromResult(context.Parameters.GetSection("Labels").GetChildren()
            .Any(l => target.Labels.Contains(l.Value, StringComparer.OrdinalIgnoreCase)));
}

/// <summary>Targeting context of an issue: the issue as the user, its repository as the group, and its labels.</summary>
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
