using System.Globalization;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>What every channel writes alike.</summary>
internal static class ChannelText
{
    public static string Footer(Announcement announcement) =>
        string.Create(CultureInfo.InvariantCulture, $"SiteMonitor · {announcement.Topic} · phase {announcement.Phase} · {announcement.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC · {announcement.Id}");

    public static string Cut(string text, int length) => text.Length <= length ? text : $"{text[..(length - 1)]}…";
}
