using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.FeatureManagement;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Gives Microsoft.FeatureManagement the flags of one snapshot.</summary>
internal sealed class SnapshotFeatureDefinitionProvider(FlagSnapshot snapshot) : IFeatureDefinitionProvider
{
    private readonly Dictionary<string, FeatureDefinition> _definitions = snapshot.Flags.ToDictionary(f => f.Flag.Name, f => Definition(f.Flag));

    public Task<FeatureDefinition> GetFeatureDefinitionAsync(string featureName) =>
        Task.FromResult(_definitions.GetValueOrDefault(featureName)!);

    public async IAsyncEnumerable<FeatureDefinition> GetAllFeatureDefinitionsAsync()
    {
        foreach (FeatureDefinition definition in _definitions.Values)
        {
            yield return await Task.FromResult(definition);
        }
    }

    private static FeatureDefinition Definition(FeatureFlag flag) => new()
    {
        Name = flag.Name,
        Status = flag.Enabled ? FeatureStatus.Conditional : FeatureStatus.Disabled,
        RequirementType = flag.Requirement == FlagRequirement.All ? RequirementType.All : RequirementType.Any,
        EnabledFor = flag switch
        {
            { Enabled: false } => [],
            { Filters.Count: 0 } => [new FeatureFilterConfiguration { Name = "AlwaysOn" }],
            _ => [.. flag.Filters.Select(f => new FeatureFilterConfiguration { Name = f.Name, Parameters = Parameters(f.Parameters) })],
        },
        Variants = [.. flag.Variants.Select(v => new VariantDefinition { Name = v })],
        Allocation = new Allocation { DefaultWhenEnabled = flag.VariantWhenEnabled, DefaultWhenDisabled = flag.VariantWhenDisabled },
    };

    private static IConfigurationRoot Parameters(JsonObject parameters) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(parameters.ToJsonString()))).Build();
}
