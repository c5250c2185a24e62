namespace SiteMonitor.Core.Rollout.State;

public enum RollbackKind
{
    /// <summary>The unified pipeline is off.</summary>
    Full,

    /// <summary>Only a stage is off, with its fallback on.</summary>
    Partial,
}
