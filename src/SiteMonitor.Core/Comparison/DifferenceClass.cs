namespace SiteMonitor.Core.Comparison;

/// <summary>How a comparison, or one difference in it, is judged; the worst difference gives the comparison's.</summary>
public enum DifferenceClassification
{
    None,

    /// <summary>A documented improvement, by a rule.</summary>
    Accepted,
    Unexplained,
}
