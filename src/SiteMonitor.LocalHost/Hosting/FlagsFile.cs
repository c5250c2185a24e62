using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Creates the file with the feature flags of a host on one machine.</summary>
internal static partial class FlagsFile
{
    /// <summary>Initial phase of a sandbox: the product as it is when the rollout is nearly done.</summary>
    public const string SandboxPhase = "full";

    /// <summary>Creates the file with the flags of a phase of the plan, unless it exists.</summary>
    /// <param name="phase">Name of the phase; null for the first one.</param>
    /// <param name="services">Provides the plan and the flag store that writes this file.</param>
    public static async Task CreateAsync(string path, string? phase, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            return;
        }

        RolloutPlan plan = services.GetRequiredService<RolloutPlan>();
        IFlagStore store = services.GetRequiredService<IFlagStore>();
        PhasePlan row = (phase is null ? plan.Phases[0] : plan.Find(phase)) ?? throw new StartupException(
            $"The rollout plan has no phase '{phase}'. Its phases are {string.Join(", ", plan.Phases.Select(p => p.Name))}.");
        foreach (FlagTarget target in row.Flags.Targets())
        {
            FlagWriteResult result = await store.WriteAsync(
                target.Flag, FlagSettingConverter.Apply(target.Flag, null, target.Setting), etag: null, cancellationToken);
            if (result is FlagWriteResult.Unavailable(string reason))
            {
                throw new StartupException($"{path}: {reason}");
            }
        }
    }

    /// <summary>Logs a warning if the flags cannot be read: then every flag is off, or as last known.</summary>
    public static async Task WarnIfUnreadableAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        IFlagStore store = services.GetRequiredService<IFlagStore>();
        if (await store.ReadAsync(known: null, cancellationToken) is FlagReadResult.Unavailable unavailable)
        {
            Log.Unreadable(services.GetRequiredService<ILogger<RunningHost>>(), store.Description, unavailable.Reason);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            120,
            LogLevel.Warning,
            "The feature flags cannot be read ({Store}): {Reason} Until then the last known flags apply, or all are off.")]
        public static partial void Unreadable(ILogger logger, string store, string reason);
    }
}
