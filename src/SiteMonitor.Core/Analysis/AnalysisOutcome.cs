namespace SiteMonitor.Core.Analysis;

public enum AnalysisOutcome
{
    Assign,
    NeedsReview,
    NeedsClarification,
}
