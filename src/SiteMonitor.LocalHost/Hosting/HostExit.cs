namespace SiteMonitor.LocalHost.Hosting;

/// <summary>What the host's process ends with.</summary>
internal static class HostExitCode
{
    public const int Ok = 0;

    /// <summary>An issue failed, or the backlog could not be read.</summary>
    public const int Failed = 1;

    /// <summary>Wrong arguments or settings; nothing was started.</summary>
    public const int CannotStart = 2;
}
