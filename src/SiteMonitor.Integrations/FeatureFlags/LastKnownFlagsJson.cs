using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>The last known flags as JSON: when they were read, and each flag with its ETag.</summary>
internal static class LastKnownFlagsJson
{
    public static string Write(FlagSnapshot snapshot) => new JsonObject
    {
        ["readAt"] = snapshot.ReadAt,
        ["flags"] = new JsonArray([.. snapshot.Flags.Select(f => new JsonObject { ["name"] = f.Flag.Name, ["etag"] = f.ETag, ["json"] = f.Flag.Json })]),
    }.ToJsonString();

    public static FlagSnapshot? Read(string text)
    {
        JsonNode? document = JsonNode.Parse(text);
        return document?["flags"] is JsonArray flags && document["readAt"] is { } readAt
            ? new FlagSnapshot(flags.Select(f => FlagJson.Parse((string)f!["name"]!, (string)f["json"]!, (string)f["etag"]!)), readAt.GetValue<DateTimeOffset>())
            : null;
    }
}
