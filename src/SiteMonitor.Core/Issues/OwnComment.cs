namespace SiteMonitor.Core.Issues;

/// <summary>A comment that our token or App wrote.</summary>
public sealed record OwnComment(string NodeId, string Body, DateTimeOffset CreatedAt);
