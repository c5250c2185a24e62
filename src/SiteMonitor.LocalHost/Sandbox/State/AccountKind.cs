namespace SiteMonitor.LocalHost.Sandbox.State;

internal enum AccountKind
{
    User,
    Organization,
    Bot,
}
