using System.Text;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>
/// Formats an announcement for a Teams incoming webhook: one adaptive card of at most 28 KB
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors). Texts are text runs, where Teams reads no Markdown.
/// </summary>
internal static class TeamsMessage
{
    private const int MaxBytes = 28 * 1024;

    public static JsonObject Write(Announcement announcement) =>
        ChannelText.Fit(announcement, WriteCard, card => Encoding.UTF8.GetByteCount(card.ToJsonString()), MaxBytes);

    private static JsonObject WriteCard(Announcement announcement)
    {
        JsonArray body = [Text(announcement.Title, ("size", "large"), ("weight", "bolder"))];
        foreach (string line in announcement.Lines)
        {
            body.Add(Text(line));
        }

        body.Add(Text(ChannelText.Footer(announcement), ("size", "small"), ("isSubtle", true)));
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["content"] = new JsonObject
                {
                    ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                    ["type"] = "AdaptiveCard",
                    ["version"] = "1.4",
                    ["body"] = body,
                },
            }),
        };
    }

    private static JsonObject Text(string text, params (string Name, JsonNode Value)[] style)
    {
        JsonObject run = new() { ["type"] = "TextRun", ["text"] = text };
        foreach ((string name, JsonNode value) in style)
        {
            run[name] = value;
        }

        return new JsonObject { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(run) };
    }
}
