namespace SiteMonitor.Core.Legacy;

/// <summary>The best rule of one specialist that matched.</summary>
/// <param name="Label">The specialist's label.</param>
/// <param name="Confidence">0 to 1, four digits.</param>
/// <param name="Rule">Which rule of the specialist, from 1.</param>
public sealed record LegacyMatch(string Label, double Confidence, int Rule, IReadOnlyList<string> MatchedLabels, IReadOnlyList<string> MatchedKeywords);
