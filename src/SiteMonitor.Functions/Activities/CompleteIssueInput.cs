namespace SiteMonitor.Functions.Activities;

/// <param name="ByMerge">A merged pull request closes the issue; otherwise it was closed as completed.</param>
public sealed record CompleteIssueInput(bool ByMerge) : ActivityInput;
