namespace SiteMonitor.Functions.Activities;

/// <summary>How a step that works on an issue ended.</summary>
public enum StageStatus
{
    Done,

    /// <summary>The kill switch fell: nothing was written.</summary>
    Rerouted,

    /// <summary>The issue changed meanwhile and no longer allows the step: nothing was written but what the state needs.</summary>
    Refused,
}
