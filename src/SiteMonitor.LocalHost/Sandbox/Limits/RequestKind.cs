namespace SiteMonitor.LocalHost.Sandbox.Limits;

/// <summary>What a request is to GitHub's limits.</summary>
internal enum RequestKind
{
    Read,
    Write,
    Query,
    Mutation,
}
