namespace SiteMonitor.Integrations.Announcements;

/// <summary>One channel.</summary>
public sealed class ChannelOptions
{
    /// <summary><c>slack</c>, <c>teams</c>, <c>issue</c> or <c>webhook</c>; empty: as the channel's name says, else <c>webhook</c>.</summary>
    public string Kind { get; set; } = string.Empty;

    /// <summary>The incoming webhook's address. A secret: whoever has it can post.</summary>
    public string Url { get; set; } = string.Empty;

    /// <summary>For <c>webhook</c>: the value of the header <c>Authorization</c>. A secret.</summary>
    public string Authorization { get; set; } = string.Empty;

    /// <summary>For <c>issue</c>: the issue to comment on, <c>owner/name#12</c>.</summary>
    public string Issue { get; set; } = string.Empty;
}
