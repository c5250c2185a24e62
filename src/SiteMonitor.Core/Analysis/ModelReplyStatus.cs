namespace SiteMonitor.Core.Analysis;

public enum ModelResultStatus
{
    Answered,

    /// <summary>The model, or its content filter, declined: a person has to look.</summary>
    Refused,

    /// <summary>Not in the schema, also after one repair try.</summary>
    Malformed,
}
