using System.Globalization;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>Formats text for all channels, and shortens it to a channel's limit.</summary>
internal static class ChannelText
{
    private const int MinimumTitle = 120;

    public static string Footer(Announcement announcement) => string.Create(
        CultureInfo.InvariantCulture,
        $"SiteMonitor · {announcement.Topic} · phase {announcement.Phase} · {announcement.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC · " +
            $"{announcement.Id}");

    /// <summary>Cuts a text to a number of UTF-16 code units, never inside a surrogate pair.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        int end = Math.Max(0, length - 1);
        return $"{text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)]}…";
    }

    /// <summary>Writes a message of an announcement, shortened until it fits.</summary>
    /// <param name="write">Writes the message as the channel takes it.</param>
    /// <param name="size">The message's size, in the limit's unit.</param>
    public static T Fit<T>(Announcement announcement, Func<Announcement, T> write, Func<T, int> size, int limit)
    {
        T message = write(announcement);
        for (int budget = limit; size(message) > limit && budget > 0; budget = budget * 3 / 4)
        {
            message = write(Shorten(announcement, budget));
        }

        return message;
    }

    /// <summary>Shortens title and lines to a number of characters, and says where the rest is.</summary>
    private static Announcement Shorten(Announcement announcement, int budget)
    {
        string rest = announcement.IncidentId is { } incident
            ? $"… shortened; in full: sitemonitor incidents post-mortem {incident}"
            : "… shortened; in full: sitemonitor rollout history";
        string title = Cut(announcement.Title, Math.Max(MinimumTitle, budget / 4));
        List<string> lines = [];
        int left = budget - title.Length;
        foreach (string line in announcement.Lines.TakeWhile(_ => left > 0))
        {
            lines.Add(Cut(line, left));
            left -= line.Length;
        }

        return announcement with { Title = title, Lines = [.. lines, rest] };
    }
}
