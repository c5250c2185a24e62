namespace SiteMonitor.Sandbox.Model;

/// <summary>How the simulated model behaves.</summary>
public enum ModelBehaviour
{
    /// <summary>Judges by the finding's words and passes over sentences that talk to the model.</summary>
    Sound,

    /// <summary>Does what injected sentences ask: full confidence for every specialist, the injected text in its own words.</summary>
    Fooled,

    /// <summary>Declines always.</summary>
    Refuses,

    /// <summary>Never answers in the schema.</summary>
    Malformed,

    /// <summary>Always runs out of tokens.</summary>
    Truncated,

    /// <summary>The content filter stops everything.</summary>
    Filtered,
}
