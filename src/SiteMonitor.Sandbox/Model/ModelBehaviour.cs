namespace SiteMonitor.Sandbox.Model;

/// <summary>Behaviour of the simulated model.</summary>
public enum ModelBehaviour
{
    /// <summary>Judges by the words of the finding and ignores sentences that address the model.</summary>
    Sound,

    /// <summary>Obeys injected sentences: full confidence for every specialist, and the injected text in its own texts.</summary>
    Fooled,

    /// <summary>Always refuses.</summary>
    Refuses,

    /// <summary>Never answers in the schema.</summary>
    Malformed,

    /// <summary>Always runs out of tokens.</summary>
    Truncated,

    /// <summary>The content filter blocks everything.</summary>
    Filtered,
}
