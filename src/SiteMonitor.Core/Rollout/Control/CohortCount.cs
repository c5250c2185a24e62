namespace SiteMonitor.Core.Rollout.Control;

/// <summary>How many issues of the last 24 hours went which way.</summary>
/// <param name="Unified">Distinct issues routed to the unified pipeline.</param>
/// <param name="Legacy">Distinct issues routed to the legacy logic.</param>
public sealed record CohortCount(int Unified, int Legacy)
{
    /// <summary>0 to 1; null without data.</summary>
    public double? UnifiedShare => Unified + Legacy == 0 ? null : (double)Unified / (Unified + Legacy);
}
