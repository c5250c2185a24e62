using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Legacy;

/// <summary>What the legacy rules came to: small and without the text.</summary>
/// <param name="Matches">One for each specialist whose best rule matched, highest confidence first.</param>
public sealed record LegacyDecision(IReadOnlyList<LegacyMatch> Matches)
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    [JsonIgnore]
    public bool IsUnmatched => Matches.Count == 0;

    [JsonIgnore]
    public IReadOnlyList<string> Specialists => [.. Matches.Select(m => m.Label)];
}

/// <summary>The best rule of one specialist that matched.</summary>
/// <param name="Label">The specialist's label.</param>
/// <param name="Confidence">0 to 1, four digits.</param>
/// <param name="Rule">Which rule of the specialist, from 1.</param>
public sealed record LegacyMatch(string Label, double Confidence, int Rule, IReadOnlyList<string> MatchedLabels, IReadOnlyList<string> MatchedKeywords);
