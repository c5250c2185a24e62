namespace SiteMonitor.LocalHost.Sandbox.Actions;

/// <summary>An issue (or pull request) to open.</summary>
/// <param name="Closes">For a pull request: the issues it closes when merged.</param>
internal sealed record NewIssue(string Title, string? Body, IReadOnlyList<string> Labels, bool IsPullRequest, IReadOnlyList<int> Closes);
