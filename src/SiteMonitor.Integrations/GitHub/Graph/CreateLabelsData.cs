using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record CreateLabelsData
{
    /// <summary>Payloads by their aliases <c>l0</c>, <c>l1</c> …; null for one that failed.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Aliases { get; set; } = new Dictionary<string, JsonElement>();

    public IEnumerable<LabelNode> Created => Aliases.Values
        .Where(payload => payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("label", out JsonElement label) && label.ValueKind == JsonValueKind.Object)
        .Select(payload => payload.GetProperty("label").Deserialize(GraphJson.Default.LabelNode)!);
}
