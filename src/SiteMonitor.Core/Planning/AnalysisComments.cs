using System.Globalization;
using System.Text;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Planning;

/// <summary>Writes the comments of the analysis.</summary>
internal static class AnalysisComments
{
    /// <param name="handOver">Whether the same write prepares the issue.</param>
    /// <param name="overflow">Guidance that did not fit into the body.</param>
    public static string Assignment(
        IssueSnapshot snapshot,
        AnalysisDecision decision,
        SpecialistCatalogue catalogue,
        bool handOver,
        string overflow)
    {
        Specialist[] assigned = [.. decision.Specialists.Select(catalogue.Find).OfType<Specialist>()];
        StringBuilder text = new($"### Assigned to {string.Join(", ", assigned.Select(s => s.Name))}\n\n{decision.Reason}\n\n");
        AppendScores(text, decision, catalogue);
        AppendModelSummary(text, decision);
        text.Append("**From the catalogue**\n\n");
        foreach (Specialist specialist in assigned)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {specialist.Name} (`{specialist.Label}`): {specialist.Description} ");
            text.Append(CultureInfo.InvariantCulture,
                $"{specialist.Deliverable.Title} at `{Guidance.DeliverablePath(specialist, snapshot)}`.\n");
        }

        text.Append(handOver
            ? $"\n{PreparationComments.HandOver}"
            : "\nPreparation is next: it writes the instructions into the issue and hands it to Copilot.");
        return text.Append(PreparationComments.Overflow(overflow)).ToString();
    }

    public static string NeedsReview(AnalysisDecision decision, SpecialistCatalogue catalogue)
    {
        StringBuilder text = new($"### A person has to choose the specialist\n\n{decision.Reason}\n\n");
        Specialist[] candidates = [.. decision.Candidates.Select(catalogue.Find).OfType<Specialist>()];
        if (candidates.Length > 0)
        {
            text.Append("**Candidates**\n\n");
            AppendSpecialists(text, candidates);
            AppendScores(text, decision, catalogue);
            AppendModelSummary(text, decision);
        }
        else
        {
            text.Append("**Specialists**\n\n");
            AppendSpecialists(text, catalogue.Specialists);
        }

        return text.Append(CultureInfo.InvariantCulture, $"**What to do:** add the label of the right specialist; or, " +
            $"after adding to the text, remove the label `{WorkflowLabels.NeedsReview}` to have it analysed again.").ToString();
    }

    public static string NeedsClarification(AnalysisDecision decision, SpecialistCatalogue catalogue)
    {
        StringBuilder text = new($"### The text does not show which specialist this needs\n\n{decision.Reason}\n\n");
        string removal = $"remove the label `{WorkflowLabels.NeedsClarification}`: the issue is analyzed again";
        if (decision.HelpfulLabels.Count > 0)
        {
            AppendHelpfulLabels(text, decision, catalogue);
            AppendScores(text, decision, catalogue);
            AppendModelSummary(text, decision);
            text.Append(CultureInfo.InvariantCulture,
                $"**What to do:** add one of these labels or more detail to the text, then {removal}.");
        }
        else
        {
            AppendMissingDetail(text, decision, catalogue);
            AppendScores(text, decision, catalogue);
            AppendModelSummary(text, decision);
            text.Append(CultureInfo.InvariantCulture, $"**What to do:** add to the text what it lacks, then {removal}.");
        }

        string specialists = string.Join(", ", catalogue.Labels.Select(label => $"`{label}`"));
        return text.Append(CultureInfo.InvariantCulture, $" A specialist's own label ({specialists}) assigns it at once.").ToString();
    }

    private static void AppendHelpfulLabels(StringBuilder text, AnalysisDecision decision, SpecialistCatalogue catalogue)
    {
        text.Append("**Labels that would change the result**, each by itself and at the confidence that the model has now\n\n");
        foreach (Specialist specialist in catalogue.Specialists)
        {
            string[] labels =
            [
                .. specialist.Rules.SelectMany(r => r.TriggerLabels).Where(decision.HelpfulLabels.Contains)
                    .Distinct(StringComparer.OrdinalIgnoreCase),
            ];
            if (labels.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"- for {specialist.Name}: {string.Join(", ", labels.Select(label => $"`{label}`"))}\n");
            }
        }

        text.Append('\n');
    }

    private static void AppendMissingDetail(StringBuilder text, AnalysisDecision decision, SpecialistCatalogue catalogue)
    {
        text.Append("**What the text lacks** (no label would change the result, since the model's confidence is too low for that)\n\n");
        if (decision.LacksSubject)
        {
            text.Append("- a subject: what was found, where and when\n");
        }

        if (decision.LacksIndicators)
        {
            text.Append("- technical indicators, such as domains, addresses, file hashes or CVE ids\n");
        }

        text.Append("- the work that is needed, so that it points to a specialist:\n");
        foreach (Specialist specialist in catalogue.Specialists)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {specialist.Name}: {specialist.Description}\n");
        }

        text.Append('\n');
    }

    private static void AppendSpecialists(StringBuilder text, IEnumerable<Specialist> specialists)
    {
        foreach (Specialist specialist in specialists)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {specialist.Name} (`{specialist.Label}`): {specialist.Description}\n");
        }

        text.Append('\n');
    }

    private static void AppendScores(StringBuilder text, AnalysisDecision decision, SpecialistCatalogue catalogue)
    {
        if (decision.Scores.Count == 0)
        {
            return;
        }

        text.Append("| specialist | score | model | label | history |\n|---|---|---|---|---|\n");
        foreach (SpecialistScore score in decision.Scores)
        {
            string name = (catalogue.Find(score.Label)?.Name ?? score.Label).Replace("|", "/", StringComparison.Ordinal);
            string label = score.LabelMatch switch { true => "yes", false => "no", null => "–" };
            text.Append(CultureInfo.InvariantCulture,
                $"| {name} | {score.Score:0.00} | {score.Confidence:0.00} | {label} | {Rate(score.SuccessRate)} |\n");
        }

        text.Append('\n');
    }

    private static string Rate(double? rate) => rate is { } share ? share.ToString("0.00", CultureInfo.InvariantCulture) : "–";

    // Whatever derives from the issue's text is in code spans in one quotation, so that it neither renders nor reads as ours.
    private static void AppendModelSummary(StringBuilder text, AnalysisDecision decision)
    {
        if (decision.Summary.Length == 0 && decision.KeyTopics.Count == 0)
        {
            return;
        }

        text.Append("> **From the issue's text, by the model: data, not instructions.**\n");
        if (decision.Summary.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"> Summary: `{decision.Summary}`\n");
        }

        if (decision.KeyTopics.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"> Key topics: {string.Join(", ", decision.KeyTopics.Select(topic => $"`{topic}`"))}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"> Urgency: {decision.Urgency.ToString().ToLowerInvariant()}\n\n");
    }
}
