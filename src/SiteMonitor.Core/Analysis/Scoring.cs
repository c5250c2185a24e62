using System.Globalization;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Analysis;

/// <summary>Turns the model's analysis into a decision.</summary>
/// <remarks>
/// A score is 0.7 × the model's confidence + 0.2 × trigger label on the issue + 0.1 × historical success, divided by the weights of the
/// terms that apply.
/// </remarks>
public static class Scoring
{
    /// <summary>Minimum score at which a specialist is assigned.</summary>
    public const double AssignThreshold = 0.8;

    /// <summary>Minimum score at which a specialist is a candidate for a person to choose.</summary>
    public const double ReviewThreshold = 0.6;

    private const double ModelWeight = 0.7;
    private const double LabelWeight = 0.2;
    private const double HistoryWeight = 0.1;

    // Sums of weights are not exact in binary: four digits keep 0.8 at 0.8.
    private const int Digits = 4;

    private const int MaxSummary = 300;
    private const int MaxTopics = 8;
    private const int MaxTopic = 60;
    private const int MaxContentType = 40;

    /// <summary>Decides on the result of a call of the model, usable or not.</summary>
    public static AnalysisDecision Decide(
        ModelResult result,
        IReadOnlyCollection<string> labels,
        SpecialistCatalogue catalogue,
        SuccessHistory history) =>
        result is { Status: ModelResultStatus.Answered, Analysis: { } analysis }
            ? Decide(analysis, labels, catalogue, history) with { CacheKey = result.CacheKey }
            : DecideWithoutAnalysis(result);

    public static AnalysisDecision Decide(
        ModelAnalysis analysis,
        IReadOnlyCollection<string> labels,
        SpecialistCatalogue catalogue,
        SuccessHistory history)
    {
        IReadOnlyList<SpecialistScore> scores = Score(analysis, labels, catalogue, history);
        string[] assigned = [.. scores.Where(s => s.Score >= AssignThreshold).Select(s => s.Label)];
        string[] candidates = [.. scores.Where(s => s.Score >= ReviewThreshold && s.Score < AssignThreshold).Select(s => s.Label)];
        AnalysisDecision decision = (assigned, candidates) switch
        {
            ([_, ..], _) => new AnalysisDecision
            {
                Outcome = AnalysisOutcome.Assign,
                Specialists = assigned,
                ReasonCode = "score-reached",
                Reason = $"{List(scores, assigned)} reached the {Number(AssignThreshold)} that an assignment needs.",
            },
            (_, [_, ..]) => new AnalysisDecision
            {
                Outcome = AnalysisOutcome.NeedsReview,
                Candidates = candidates,
                ReasonCode = WaitCodes.ScoreBetween,
                Reason = $"{List(scores, candidates)} lies between {Number(ReviewThreshold)} and {Number(AssignThreshold)}: likely, " +
                    "but not sure enough.",
            },
            _ => new AnalysisDecision
            {
                Outcome = AnalysisOutcome.NeedsClarification,
                HelpfulLabels = FindHelpfulLabels(analysis, labels, catalogue, history),
                ReasonCode = WaitCodes.ScoreLow,
                Reason = scores is [var best, ..]
                    ? $"The best score is {Number(best.Score)} ({best.Label}), below {Number(ReviewThreshold)}."
                    : "The catalogue has no specialist.",
            },
        };
        return AddTexts(decision, analysis) with
        {
            Scores = scores,
            Urgency = analysis.Urgency,
            ContentType = Slug.Create(analysis.ContentType, MaxContentType),
        };
    }

    /// <summary>Adds what the model wrote about the text, sanitized, which a stored decision does not have.</summary>
    public static AnalysisDecision AddTexts(AnalysisDecision decision, ModelAnalysis analysis)
    {
        string[] topics = Lines(analysis.KeyTopics);
        string[] indicators = Lines(analysis.Indicators);
        return decision with
        {
            Summary = TextSanitizer.SanitizeLine(analysis.Summary, MaxSummary),
            KeyTopics = topics,
            Indicators = indicators,
            Names = analysis.Names,
            LacksSubject = topics.Length == 0,
            LacksIndicators = indicators.Length == 0,
        };
    }

    /// <summary>Returns the score of each specialist, best first; equal ones in the catalogue's order.</summary>
    public static IReadOnlyList<SpecialistScore> Score(
        ModelAnalysis analysis,
        IReadOnlyCollection<string> labels,
        SpecialistCatalogue catalogue,
        SuccessHistory history)
    {
        HashSet<string> onIssue = new(labels, StringComparer.OrdinalIgnoreCase);
        bool labelsCount = catalogue.Specialists.Any(s => IsTriggered(s, onIssue));
        string contentType = Slug.Create(analysis.ContentType, MaxContentType);
        return
        [
            .. catalogue.Specialists
                .Select(s => Score(s, analysis, labelsCount ? IsTriggered(s, onIssue) : null, history.GetRate(s.Label, contentType)))
                .OrderByDescending(s => s.Score),
        ];
    }

    private static SpecialistScore Score(Specialist specialist, ModelAnalysis analysis, bool? labelMatch, double? rate)
    {
        double given = analysis.Confidences.GetValueOrDefault(specialist.Label);
        double confidence = double.IsNaN(given) ? 0 : Math.Clamp(given, 0, 1);
        double sum = ModelWeight * confidence;
        double weight = ModelWeight;
        if (labelMatch is { } match)
        {
            sum += match ? LabelWeight : 0;
            weight += LabelWeight;
        }

        if (rate is { } success)
        {
            sum += HistoryWeight * success;
            weight += HistoryWeight;
        }

        return new SpecialistScore(specialist.Label, Math.Round(sum / weight, Digits), confidence, labelMatch, rate);
    }

    private static AnalysisDecision DecideWithoutAnalysis(ModelResult result) => new()
    {
        Outcome = AnalysisOutcome.NeedsReview,
        ReasonCode = result.Status switch
        {
            ModelResultStatus.Refused => WaitCodes.ModelRefused,
            ModelResultStatus.Unanswerable => WaitCodes.ModelUnanswerable,
            _ => WaitCodes.ModelMalformed,
        },
        Reason = result.Status switch
        {
            ModelResultStatus.Refused => "The model declined to analyse the text, so a person has to choose.",
            ModelResultStatus.Unanswerable =>
                "The model gives no usable answer to this text, although it answers others, so a person has to choose.",
            _ => "The model gave no usable answer, so a person has to choose.",
        },
    };

    private static bool IsTriggered(Specialist specialist, HashSet<string> labels) =>
        specialist.Rules.Any(rule => rule.TriggerLabels.Any(labels.Contains));

    // A specialist's own label is left out: it decides at once, without another analysis.
    private static string[] FindHelpfulLabels(
        ModelAnalysis analysis,
        IReadOnlyCollection<string> labels,
        SpecialistCatalogue catalogue,
        SuccessHistory history) =>
    [
        .. catalogue.Specialists
            .SelectMany(s => s.Rules)
            .SelectMany(rule => rule.TriggerLabels)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(label => catalogue.Find(label) is null && !labels.Contains(label, StringComparer.OrdinalIgnoreCase))
            .Where(label => Score(analysis, [.. labels, label], catalogue, history).Any(s => s.Score >= ReviewThreshold)),
    ];

    private static string List(IReadOnlyList<SpecialistScore> scores, string[] labels) =>
        string.Join(", ", scores.Where(s => labels.Contains(s.Label)).Select(s => $"{s.Label} ({Number(s.Score)})"));

    private static string[] Lines(IReadOnlyList<string> texts) =>
        [.. texts.Take(MaxTopics).Select(text => TextSanitizer.SanitizeLine(text, MaxTopic)).Where(text => text.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
