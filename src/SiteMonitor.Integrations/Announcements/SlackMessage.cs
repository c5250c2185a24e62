using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>
/// Writes an announcement as a Slack incoming webhook takes it: text for notifications, blocks for the channel.
/// Limits: https://docs.slack.dev/reference/block-kit/blocks (header 150 characters, section 3,000) and 40,000 for the text of a message.
/// </summary>
internal static class SlackMessage
{
    private const int MaxHeader = 150;
    private const int MaxSection = 3000;

    public static JsonObject Write(Announcement announcement)
    {
        JsonArray blocks =
        [
            new JsonObject
            {
                ["type"] = "header",
                ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = ChannelText.Cut(announcement.Title, MaxHeader) },
            },
        ];
        if (announcement.Lines.Count > 0)
        {
            blocks.Add(new JsonObject
            {
                ["type"] = "section",
                ["text"] = new JsonObject
                {
                    ["type"] = "mrkdwn",
                    ["text"] = ChannelText.Fit(announcement, a => string.Join('\n', a.Lines.Select(line => $"• {Escape(line)}")),
                        t => t.Length, MaxSection),
                },
            });
        }

        blocks.Add(new JsonObject
        {
            ["type"] = "context",
            ["elements"] = new JsonArray(new JsonObject { ["type"] = "mrkdwn", ["text"] = Escape(ChannelText.Footer(announcement)) }),
        });
        return new JsonObject { ["text"] = ChannelText.Fit(announcement, a => Escape(a.Title), t => t.Length, MaxSection),
            ["blocks"] = blocks };
    }

    /// <summary>Slack's three control characters; without them a text can make neither links nor mentions.</summary>
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
