using System.Text.Json.Nodes;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>A feature flag in the JSON schema of Azure App Configuration.</summary>
public sealed record FeatureFlag
{
    /// <summary>Name without the store's prefix; targeting hashes it, so file and store give the same buckets.</summary>
    public required string Name { get; init; }

    public required bool Enabled { get; init; }

    public IReadOnlyList<FlagFilter> Filters { get; init; } = [];

    /// <summary>Whether all filters must match, rather than any of them.</summary>
    public bool RequiresAllFilters { get; init; }

    public IReadOnlyList<string> Variants { get; init; } = [];

    public string? VariantWhenEnabled { get; init; }

    public string? VariantWhenDisabled { get; init; }

    /// <summary>The whole flag as compact JSON, so that a write keeps unknown fields.</summary>
    public required string Json { get; init; }

    public FlagFilter? Filter(string name) => Filters.FirstOrDefault(f => f.Name == name);
}

/// <summary>One entry of <c>conditions.client_filters</c>.</summary>
public sealed record FlagFilter(string Name, JsonObject Parameters);
