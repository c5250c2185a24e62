namespace SiteMonitor.Integrations.Announcements;

/// <summary>The kinds of channels there are.</summary>
internal static class ChannelKinds
{
    public const string Slack = "slack";
    public const string Teams = "teams";
    public const string Issue = "issue";
    public const string Webhook = "webhook";

    public static IReadOnlyList<string> All { get; } = [Slack, Teams, Issue, Webhook];

    public static string Of(string name, ChannelOptions channel)
    {
        string kind = (channel.Kind.Length > 0 ? channel.Kind : name).ToLowerInvariant();
        return All.Contains(kind) || channel.Kind.Length > 0 ? kind : Webhook;
    }
}
