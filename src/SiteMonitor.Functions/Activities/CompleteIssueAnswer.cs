using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Activities;

/// <param name="Refusal">Why there was nothing to complete; null when it was done.</param>
/// <param name="ByMerge">Whether a merged pull request closed the issue.</param>
/// <param name="Specialists">The specialists it was assigned to.</param>
/// <param name="InputHash">Of the issue as it was left.</param>
public sealed record CompleteIssueResult(Refusal? Refusal, bool ByMerge, IReadOnlyList<string> Specialists, string InputHash);
