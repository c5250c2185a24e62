using System.Runtime.CompilerServices;
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
        _filters =
        [
            new IssueLabelFilter(),
            new ContextualTargetingFilter(Options.Create(new TargetingEvaluationOptions { IgnoreCase = true }), loggers),
            new TimeWindowFilter(loggers) { SystemClock = time },
        ];
        _logger = loggers.CreateLogger<FlagEvaluator>();
    }

    /// <summary>Whether the flag is on; a flag that is absent or cannot be evaluated is off.</summary>
    public async Task<bool> IsOnAsync(FlagSnapshot snapshot, string flag, IssueTargetingContext? target, CancellationToken cancellationToken)
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

    /// <summary>The name of the flag's variant; null when it has none.</summary>
    public async Task<string?> VariantAsync(FlagSnapshot snapshot, string flag, CancellationToken cancellationToken)
    {
        if (snapshot.Find(flag) is not { Problem: null, Flag.Variants.Count: > 0 })
        {
            return null;
        }

        try
        {
            FeatureManager manager = ManagerOf(snapshot);
            return (await manager.GetVariantAsync(flag, new TargetingContext { UserId = string.Empty, Groups = [] }, cancellationToken))?.Name;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.CannotEvaluate(_logger, flag, snapshot.Revision, e);
            return null;
        }
    }

    private FeatureManager ManagerOf(FlagSnapshot snapshot) =>
        _managers.GetValue(snapshot, s => new FeatureManager(new SnapshotFeatureDefinitionProvider(s), new FeatureManagementOptions()) { FeatureFilters = _filters });

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Error, "The flag {Flag} cannot be evaluated (flags revision {Revision}); it counts as off")]
        public static partial void CannotEvaluate(ILogger logger, string flag, string revision, Exception exception);
    }
}
