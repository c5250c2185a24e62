namespace SiteMonitor.Core.Planning;

/// <summary>One line of a dry run: a write that would happen.</summary>
/// <param name="Kind">body, labels, comment, assignee, close.</param>
/// <param name="Text">For people; never the text.</param>
public sealed record PlannedWrite(string Kind, string Text);
