namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>How many of a flag's filters have to match.</summary>
public enum FlagRequirement
{
    Any,
    All,
}
