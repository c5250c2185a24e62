namespace SiteMonitor.LocalHost.Sandbox.State;

internal enum NodeType
{
    Repository,
    Label,
    Issue,
    Comment,
}
