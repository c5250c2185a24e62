using System.Text.Json.Nodes;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>One feature flag, as the feature-flag JSON schema of Azure App Configuration has it.</summary>
public sealed record FeatureFlag
{
    /// <summary>The name without a store's prefix: it is what targeting hashes, so file and store give the same buckets.</summary>
    public required string Name { get; init; }

    public required bool Enabled { get; init; }

    public FlagRequirement Requirement { get; init; } = FlagRequirement.Any;

    public IReadOnlyList<FlagFilter> Filters { get; init; } = [];

    public IReadOnlyList<string> Variants { get; init; } = [];

    public string? VariantWhenEnabled { get; init; }

    public string? VariantWhenDisabled { get; init; }

    /// <summary>The whole flag as compact JSON; fields we do not know survive a write through it.</summary>
    public required string Json { get; init; }

    public FlagFilter? Filter(string name) => Filters.FirstOrDefault(f => f.Name == name);
}

/// <summary>One entry of <c>conditions.client_filters</c>.</summary>
public sealed record FlagFilter(string Name, JsonObject Parameters);

/// <summary>How many of a flag's filters have to match.</summary>
public enum FlagRequirement
{
    Any,
    All,
}
