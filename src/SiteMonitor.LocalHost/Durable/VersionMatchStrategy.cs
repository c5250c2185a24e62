namespace SiteMonitor.LocalHost.Durable;

/// <summary>Which instances' versions this host runs (host.json: <c>versionMatchStrategy</c>).</summary>
public enum VersionMatchStrategy
{
    /// <summary>Any.</summary>
    None,

    /// <summary>Those of exactly the host's version.</summary>
    Strict,

    /// <summary>Those of the host's version or an older one.</summary>
    CurrentOrOlder,
}
