namespace SiteMonitor.LocalHost.Durable;

/// <summary>What becomes of an instance whose version does not match (host.json: <c>versionFailureStrategy</c>).</summary>
public enum VersionFailureStrategy
{
    /// <summary>It stays as it is until a host of a matching version runs it.</summary>
    Reject,

    /// <summary>It fails.</summary>
    Fail,
}
