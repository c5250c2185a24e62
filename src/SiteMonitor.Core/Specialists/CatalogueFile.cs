using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Specialists;

/// <summary>The catalogue file before validation, when any member may be missing.</summary>
internal sealed record CatalogueFile
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    public List<SpecialistEntry?>? Specialists { get; init; }

    internal sealed record SpecialistEntry
    {
        public string? Label { get; init; }

        public string? Name { get; init; }

        public string? Description { get; init; }

        public List<RuleEntry?>? Rules { get; init; }

        public DeliverableEntry? Deliverable { get; init; }

        public QualityEntry? Quality { get; init; }
    }

    internal sealed record RuleEntry
    {
        public List<string?>? TriggerLabels { get; init; }

        public List<string?>? Keywords { get; init; }

        public double? Weight { get; init; }

        public double? Minimum { get; init; }
    }

    internal sealed record DeliverableEntry
    {
        public string? Title { get; init; }

        public string? Path { get; init; }

        public string? Template { get; init; }

        public List<string?>? Sections { get; init; }

        public List<string?>? Requirements { get; init; }
    }

    internal sealed record QualityEntry
    {
        public double? Confidence { get; init; }

        public int? MinimumWords { get; init; }

        public bool? ExecutiveSummary { get; init; }

        public bool? Recommendations { get; init; }

        public bool? Sources { get; init; }
    }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(CatalogueFile))]
internal sealed partial class CatalogueJson : JsonSerializerContext;

[JsonSerializable(typeof(IReadOnlyList<Specialist>))]
internal sealed partial class SpecialistsJson : JsonSerializerContext;
