using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Evaluates flags of a snapshot with Microsoft.FeatureManagement.</summary>
internal sealed partial class FlagEvaluator
{
    private readonly ConditionalWeakTable<FlagSnapshot, FeatureManager> _managers = [];
    private readonly IReadOnlyList<IFeatureFilterMetadata> _filters;
    private readonly ILogger<FlagEvaluator> _logger;

    public FlagEvaluator(TimeProvider time, ILoggerFactory loggers)
    {
        _filters = CreateFilters(time, loggers);
        _logger = loggers.CreateLogger<FlagEvaluator>();
    }

    public static IReadOnlyList<IFeatureFilterMetadata> CreateFilters(TimeProvider time, ILoggerFactory loggers) =>
    [
        new IssueLabelFilter(),
        new ContextualTargetingFilter(Options.Create(new TargetingEvaluationOptions { IgnoreCase = true }), loggers),
        new TimeWindowFilter(loggers) { SystemClock = time },
    ];

    public static FeatureManager CreateManager(FlagSnapshot snapshot, IReadOnlyList<IFeatureFilterMetadata> filters) =>
        new(new SnapshotFeatureDefinitionProvider(snapshot), new FeatureManagementOptions()) { FeatureFilters = filters };

    /// <summary>Returns whether the flag is on; one that is missing or cannot be evaluated is off.</summary>
    public async Task<bool> IsOnAsync(
        FlagSnapshot snapshot, string flag, IssueTargetingContext? target, CancellationToken cancellationToken)
    {
        try
        {
            FeatureManager manager = ManagerOf(snapshot);
            return target is null
                ? await manager.IsEnabledAsync(flag, cancellationToken)
                : await manager.IsEnabledAsync(flag, target, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.CannotEvaluate(_logger, flag, snapshot.Revision, e);
            return false;
        }
    }

    /// <summary>Returns the name of the flag's variant; null if it has none.</summary>
    public async Task<string?> VariantAsync(FlagSnapshot snapshot, string flag, CancellationToken cancellationToken)
    {
        if (snapshot.Find(flag) is not { Problem: null, Flag.Variants.Count: > 0 })
        {
            return null;
        }

        try
        {
            FeatureManager manager = ManagerOf(snapshot);
            return (await manager.GetVariantAsync(flag, new TargetingContext { UserId = string.Empty, Groups = [] },
                cancellationToken))?.Name;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.CannotEvaluate(_logger, flag, snapshot.Revision, e);
            return null;
        }
    }

    private FeatureManager ManagerOf(FlagSnapshot snapshot) =>
        _managers.GetValue(snapshot, s => CreateManager(s, _filters));

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Error, "The flag {Flag} cannot be evaluated (flags revision {Revision}); it counts as off")]
        public static partial void CannotEvaluate(ILogger logger, string flag, string revision, Exception exception);
    }
}

/// <summary>Provides the flags of one snapshot to Microsoft.FeatureManagement.</summary>
internal sealed class SnapshotFeatureDefinitionProvider(FlagSnapshot snapshot) : IFeatureDefinitionProvider
{
    private readonly Dictionary<string, FeatureDefinition> _definitions = snapshot.Flags.ToDictionary(f => f.Flag.Name,
        f => Definition(f.Flag));

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
        RequirementType = flag.RequiresAllFilters ? RequirementType.All : RequirementType.Any,
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
