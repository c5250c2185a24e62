using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>Formats an announcement for a Slack incoming webhook. Limits: https://docs.slack.dev/reference/block-kit/blocks.</summary>
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

    /// <summary>Escapes Slack's three control characters, without which a text has no links or mentions.</summary>
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
