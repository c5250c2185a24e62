using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>An announcement as a Slack incoming webhook takes it: text for notifications, blocks for the channel (docs.slack.dev, block kit: header up to 150 characters, section up to 3000).</summary>
internal static class SlackMessage
{
    private const int MaxHeader = 150;
    private const int MaxSection = 3000;

    public static JsonObject Write(Announcement announcement)
    {
        JsonArray blocks = [new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = ChannelText.Cut(announcement.Title, MaxHeader) } }];
        if (announcement.Lines.Count > 0)
        {
            string lines = string.Join('\n', announcement.Lines.Select(line => $"• {Escape(line)}"));
            blocks.Add(new JsonObject { ["type"] = "section", ["text"] = new JsonObject { ["type"] = "mrkdwn", ["text"] = ChannelText.Cut(lines, MaxSection) } });
        }

        blocks.Add(new JsonObject
        {
            ["type"] = "context",
            ["elements"] = new JsonArray(new JsonObject { ["type"] = "mrkdwn", ["text"] = Escape(ChannelText.Footer(announcement)) }),
        });
        return new JsonObject { ["text"] = Escape(announcement.Title), ["blocks"] = blocks };
    }

    /// <summary>Slack's three control characters; without them a text can make neither links nor mentions.</summary>
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
