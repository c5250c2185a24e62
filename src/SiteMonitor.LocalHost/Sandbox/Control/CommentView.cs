namespace SiteMonitor.LocalHost.Sandbox.Control;

public sealed record CommentView(string Author, string Body);
