using System.Text.Json.Nodes;
using SiteMonitor.Core.Announcements;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>An announcement for a status page, a pager, a mail gateway: flat JSON. <c>id</c> is the same on every try, so a receiver can drop repetitions.</summary>
internal static class WebhookMessage
{
    public static JsonObject Write(Announcement announcement) => new()
    {
        ["id"] = announcement.Id,
        ["source"] = "sitemonitor",
        ["topic"] = announcement.Topic,
        ["at"] = announcement.At,
        ["phase"] = announcement.Phase,
        ["title"] = announcement.Title,
        ["text"] = string.Join('\n', announcement.Lines),
        ["lines"] = new JsonArray([.. announcement.Lines.Select(line => (JsonNode)line)]),
        ["incident"] = announcement.IncidentId,
    };
}
