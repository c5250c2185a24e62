using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Checks the feature flags of a host on one machine.</summary>
internal static partial class FlagsFile
{
    /// <summary>Initial phase of a sandbox: the product as it is when the rollout is nearly done.</summary>
    public const string SandboxPhase = "full";

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
