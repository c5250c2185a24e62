namespace SiteMonitor.Functions.Orchestrations;

/// <summary>What a delivery wants done with an issue. Numbers stand in histories: add at the end only.</summary>
public enum WorkKind
{
    Pipeline,
    CompletionByMerge,
    CompletionByClosing,
}
