using Microsoft.Extensions.Configuration;
using Microsoft.FeatureManagement;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Matches when the issue bears one of the given labels, ignoring case.</summary>
[FilterAlias(FlagNames.IssueLabelFilter)]
internal sealed class IssueLabelFilter : IContextualFeatureFilter<IssueTargetingContext>
{
    public Task<bool> EvaluateAsync(FeatureFilterEvaluationContext context, IssueTargetingContext target) =>
        Task.FromResult(context.Parameters.GetSection("Labels").GetChildren().Any(l => target.Labels.Contains(l.Value, StringComparer.OrdinalIgnoreCase)));
}
