using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>The settings <c>Announcements:…</c>: the channels that the plan's contacts name. E-mail goes through a generic webhook (a mail gateway, a logic app) or the Action Group of the alerts.</summary>
public sealed class AnnouncementsOptions : BoundSettings
{
    public const string Section = "Announcements";

    /// <summary>By the name the plan uses: <c>Announcements:Channels:slack:Url</c>.</summary>
    public Dictionary<string, ChannelOptions> Channels { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long one try may take. Default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Further tries at once after a transient failure, 0 to 5; what still fails waits in the outbox. Default 2.</summary>
    public int Retries { get; set; } = 2;
}
