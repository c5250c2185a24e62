using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Legacy;

/// <summary>Chooses specialists by the legacy rules, over labels and keywords and without a model.</summary>
public static class LegacyAnalysis
{
    private const double LabelShare = 0.6;
    private const double KeywordShare = 0.4;

    // Shares are not exact in binary: four digits keep a full match of weight 0.6 at 0.6.
    private const int Digits = 4;

    public static LegacyDecision Decide(IssueSnapshot snapshot, SpecialistCatalogue catalogue, GuidanceMarkers markers)
    {
        string text = $"{snapshot.Title}\n{GuidanceSection.Remove(snapshot.Body, snapshot.Ref, markers)}";
        return new LegacyDecision(
        [
            .. catalogue.Specialists
                .Select(s => Best(s, snapshot.Labels, text))
                .OfType<LegacyMatch>()
                .OrderByDescending(m => m.Confidence),
        ]);
    }

    private static LegacyMatch? Best(Specialist specialist, IReadOnlyList<string> labels, string text) => specialist.Rules
        .Select((rule, i) => (rule.Minimum, Match: Match(specialist.Label, rule, i + 1, labels, text)))
        .Where(found => found.Match.Confidence >= found.Minimum)
        .Select(found => found.Match)
        .MaxBy(match => match.Confidence);

    private static LegacyMatch Match(string specialist, SpecialistRule rule, int number, IReadOnlyList<string> labels, string text)
    {
        string[] matchedLabels = [.. rule.TriggerLabels.Where(label => labels.Contains(label, StringComparer.OrdinalIgnoreCase))];
        string[] matchedKeywords = [.. rule.Keywords.Where(keyword => WholeWordSearch.Contains(text, keyword))];
        double confidence = ((LabelShare * Share(matchedLabels, rule.TriggerLabels)) +
            (KeywordShare * Share(matchedKeywords, rule.Keywords))) * rule.Weight;
        return new LegacyMatch(specialist, Math.Round(confidence, Digits), number, matchedLabels, matchedKeywords);
    }

    private static double Share(string[] matched, IReadOnlyList<string> all) => all.Count == 0 ? 0 : (double)matched.Length / all.Count;
}
