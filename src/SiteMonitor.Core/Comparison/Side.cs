namespace SiteMonitor.Core.Comparison;

/// <summary>Where a differing item is.</summary>
public enum DifferenceSide
{
    /// <summary>Only the unified side has it.</summary>
    Unified,

    /// <summary>Only the legacy side has it.</summary>
    Legacy,

    /// <summary>Both have it, with different values.</summary>
    Both,

    /// <summary>Wherever it is.</summary>
    Any,
}
