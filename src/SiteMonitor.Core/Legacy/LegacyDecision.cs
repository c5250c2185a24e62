using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Legacy;

/// <summary>The result of the legacy rules, without text of the issue.</summary>
/// <param name="Matches">The best matching rule of each specialist, highest confidence first.</param>
public sealed record LegacyDecision(IReadOnlyList<LegacyMatch> Matches)
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    [JsonIgnore]
    public bool IsUnmatched => Matches.Count == 0;

    [JsonIgnore]
    public IReadOnlyList<string> Specialists => [.. Matches.Select(m => m.Label)];
}

/// <summary>A rule that matched.</summary>
/// <param name="Label">The specialist's label.</param>
/// <param name="Confidence">0 to 1, four digits.</param>
/// <param name="Rule">Number of the rule in the specialist's list, from 1.</param>
/// <param name="MatchedLabels">The rule's trigger labels that are on the issue.</param>
/// <param name="MatchedKeywords">The rule's keywords that are in the text.</param>
public sealed record LegacyMatch(
    string Label, double Confidence, int Rule, IReadOnlyList<string> MatchedLabels, IReadOnlyList<string> MatchedKeywords);
