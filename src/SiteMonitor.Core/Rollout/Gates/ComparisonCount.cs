namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>How the comparisons since the evidence began came out, one count an issue (its latest comparison).</summary>
/// <param name="Compared">Issues both sides decided on.</param>
/// <param name="Unexplained">Of those, issues with a difference no rule accepts.</param>
/// <param name="Accepted">Of those, issues whose only differences are documented improvements.</param>
/// <param name="Unmatched">Issues that legacy leaves unmatched: reported apart, not in the others.</param>
public sealed record ComparisonCount(int Compared, int Unexplained, int Accepted, int Unmatched)
{
    public static ComparisonCount None { get; } = new(0, 0, 0, 0);

    /// <summary>1 − unexplained / compared; null without data.</summary>
    public double? Consistency => Compared == 0 ? null : 1 - ((double)Unexplained / Compared);
}
