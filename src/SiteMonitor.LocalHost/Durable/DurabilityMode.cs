namespace SiteMonitor.LocalHost.Durable;

/// <summary>When a step that has been reported is safe.</summary>
public enum DurabilityMode
{
    /// <summary>It is on the disk, synced, before anybody is told: survives a power cut.</summary>
    Full,

    /// <summary>It is with the operating system: survives a crash of the host, but a power cut may take the last moments' steps back together.</summary>
    Normal,
}
