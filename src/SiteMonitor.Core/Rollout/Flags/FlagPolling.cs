namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>How old a snapshot may be when it is used. Nothing is polled by itself: an idle app asks nobody.</summary>
/// <param name="IdleInterval">The most a snapshot may be old; 30 s by default (PRODUCT 3).</param>
/// <param name="ActiveInterval">The same while flags have changed within <paramref name="ActivePeriod"/>, and the pause after a failed poll; 5 s by default.</param>
public sealed record FlagPolling(TimeSpan IdleInterval, TimeSpan ActiveInterval, TimeSpan ActivePeriod)
{
    public static FlagPolling Default { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));

    /// <summary>For a store that is as cheap to read as memory: read before each use.</summary>
    public static FlagPolling EachUse { get; } = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
}
