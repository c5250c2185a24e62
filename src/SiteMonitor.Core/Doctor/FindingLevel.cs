namespace SiteMonitor.Core.Doctor;

/// <summary>How bad a finding is.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but look at it; or could not be found out.</summary>
    Warning,

    /// <summary>Something will not work.</summary>
    Failure,
}
