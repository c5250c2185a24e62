namespace SiteMonitor.Core.Issues;

/// <summary>The stage somebody asks for.</summary>
public enum RequestedStage
{
    /// <summary>Whatever is next, and on to the end of the way.</summary>
    Auto,
    Analysis,
    Preparation,

    /// <summary>Both stages; the issue must be discovered.</summary>
    All,
}
