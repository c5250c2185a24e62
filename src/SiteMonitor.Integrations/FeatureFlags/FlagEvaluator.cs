using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Evaluates flags of a snapshot with Microsoft.FeatureManagement.</summary>
internal sealed partial class FlagEvaluator
{
    private readonly ConditionalWeakTable<IReadOnlyList<StoredFlag>, FeatureManager> _managers = [];
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

    /// <param name="flags">Name → the flag as <see cref="FlagSchema"/> spells it.</param>
    public static FeatureManager CreateManager(
        IReadOnlyDictionary<string, JsonObject> flags, IReadOnlyList<IFeatureFilterMetadata> filters) =>
        new(new FlagDefinitions(flags), new FeatureManagementOptions()) { FeatureFilters = filters };

    /// <summary>Returns whether the flag is on; one that is missing or cannot be evaluated is off.</summary>
    public async Task<bool> IsOnAsync(
        FlagSnapshot snapshot, string flag, IssueTargetingContext? target, CancellationToken cancellationToken)
    {
        if (snapshot.GetSetting(flag) is { Enabled: false })
        {
            return false;
        }

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

    private FeatureManager ManagerOf(FlagSnapshot snapshot) => _managers.GetValue(snapshot.Flags,
        flags => CreateManager(flags.Where(f => f.Problem is null).ToDictionary(f => f.Name, f => f.Content!), _filters));

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Error, "The flag {Flag} cannot be evaluated (flags revision {Revision}); it counts as off")]
        public static partial void CannotEvaluate(ILogger logger, string flag, string revision, Exception exception);
    }
}
