namespace SiteMonitor.Core.Issues;

/// <summary>A comment to write, or to replace when <paramref name="NodeId"/> names one of ours.</summary>
public sealed record CommentChange(string Body, string? NodeId = null);
