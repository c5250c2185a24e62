using SiteMonitor.Core.Analysis;

namespace SiteMonitor.Tests.Core.Planning;

/// <summary>Unified decisions for tests.</summary>
internal static class Decisions
{
    public static AnalysisDecision Assign(params string[] specialists) => Of(0.91, specialists);

    public static AnalysisDecision Review(params string[] candidates) => Of(0.7, candidates);

    public static AnalysisDecision Clarify(double confidence = 0.2) => Of(confidence, "osint-researcher");

    private static AnalysisDecision Of(double confidence, params string[] specialists) => Scoring.Decide(
        new ModelAnalysis
        {
            Summary = "A lookalike domain asks for passwords.",
            KeyTopics = ["phishing", "domains"],
            Confidences = specialists.ToDictionary(label => label, _ => confidence),
            Indicators = [],
            Urgency = Urgency.High,
            ContentType = "phishing",
        },
        [],
        Domain.Catalogue,
        SuccessHistory.None);
}
