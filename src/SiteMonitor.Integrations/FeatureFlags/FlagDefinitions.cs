using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.FeatureManagement;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>
/// Provides flags to Microsoft.FeatureManagement. Each definition holds only what decides, so that neither a note in the flag nor another
/// flag can change or break its evaluation.
/// </summary>
/// <param name="flags">Name → the flag as <see cref="FlagSchema"/> spells it.</param>
internal sealed class FlagDefinitions(IReadOnlyDictionary<string, JsonObject> flags) : IFeatureDefinitionProvider
{
    private readonly Dictionary<string, Lazy<FeatureDefinition>> _definitions =
        flags.ToDictionary(flag => flag.Key, flag => new Lazy<FeatureDefinition>(() => Define(flag.Key, flag.Value)));

    public Task<FeatureDefinition> GetFeatureDefinitionAsync(string featureName) =>
        Task.FromResult(_definitions.GetValueOrDefault(featureName)?.Value!);

    public async IAsyncEnumerable<FeatureDefinition> GetAllFeatureDefinitionsAsync()
    {
        foreach (Lazy<FeatureDefinition> definition in _definitions.Values)
        {
            yield return await Task.FromResult(definition.Value);
        }
    }

    private static FeatureDefinition Define(string name, JsonObject flag) => new()
    {
        Name = name,
        Status = FlagJson.IsEnabled(flag) ? FeatureStatus.Conditional : FeatureStatus.Disabled,
        RequirementType = FlagJson.RequiresAllFilters(flag) ? RequirementType.All : RequirementType.Any,
        EnabledFor = FlagJson.IsEnabled(flag) ? [.. DefineFilters(FlagJson.GetFilters(flag))] : [],
        Variants = [.. FlagJson.GetObjects(flag["variants"]).Select(v => new VariantDefinition { Name = FlagJson.GetText(v["name"]) })],
        Allocation = new Allocation
        {
            DefaultWhenEnabled = FlagJson.GetText(flag["allocation"]?["default_when_enabled"]),
            DefaultWhenDisabled = FlagJson.GetText(flag["allocation"]?["default_when_disabled"]),
        },
    };

    // Without a filter an enabled flag is on for everything.
    private static IEnumerable<FeatureFilterConfiguration> DefineFilters(IReadOnlyList<JsonObject> filters) => filters.Count == 0
        ? [new FeatureFilterConfiguration { Name = "AlwaysOn" }]
        : filters.Select(f => new FeatureFilterConfiguration
        {
            Name = FlagJson.GetFilterName(f),
            Parameters = ReadParameters(f["parameters"] as JsonObject ?? []),
        });

    private static IConfigurationRoot ReadParameters(JsonObject parameters) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(parameters.ToJsonString()))).Build();
}
