namespace SiteMonitor.Core.Rollout.Gates;

public enum CriterionState
{
    Met,
    Unmet,

    /// <summary>Not enough data yet, not confirmed yet, or it could not be measured: hold.</summary>
    Open,
}
