using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Integrations.GitHub.Graph;

internal sealed record RepositoryNode
{
    public string? Id { get; init; }

    public IssueNode? IssueOrPullRequest { get; init; }

    /// <summary>The labels asked for, by their aliases <c>l0</c>, <c>l1</c> …; null for one the repository lacks.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Aliases { get; set; } = new Dictionary<string, JsonElement>();

    public LabelNode? Label(int index) =>
        Aliases.TryGetValue($"l{index}", out JsonElement label) && label.ValueKind == JsonValueKind.Object ? label.Deserialize(GraphJson.Default.LabelNode) : null;
}
