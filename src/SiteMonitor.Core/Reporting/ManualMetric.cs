using System.Globalization;
using System.Text.RegularExpressions;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>A row of the success tables that only people can fill in: by a note in the report, or by confirming the criterion.</summary>
/// <param name="Id">The id of the criterion, and what notes on the metric are about.</param>
/// <param name="IsMet">Whether a percentage meets the target.</param>
internal sealed partial record ManualMetric(string Id, string Title, string Target, Func<double, bool> IsMet)
{
    public static ManualMetric Coverage { get; } = new("coverage", "Code coverage", "> 85 %", value => value > 85);

    public static ManualMetric Satisfaction { get; } = new("satisfaction", "User satisfaction", "> 80 %", value => value > 80);

    public static ManualMetric TeamSatisfaction { get; } = new("team-satisfaction", "Team satisfaction", "> 80 %", value => value > 80);

    public static ManualMetric OnBudget { get; } = new("on-budget", "On budget", "≤ 100 %", value => value <= 100);

    public static IReadOnlyList<ManualMetric> All { get; } = [Coverage, Satisfaction, TeamSatisfaction, OnBudget];

    /// <summary>Returns the first percentage in a text.</summary>
    public static double? FindPercentage(string text) => Percentage().Match(text) is { Success: true } match
        ? double.Parse(match.Groups[1].Value.Replace(',', '.'), CultureInfo.InvariantCulture)
        : null;

    /// <summary>Returns the row: the newest note or confirmation, judged by its figure. A confirmation without one counts as met.</summary>
    public ReportRow CreateRow(RolloutState state, RolloutPlan plan)
    {
        ReportNote? note = state.ReportNotes.LastOrDefault(n => n.About == Id);
        Confirmation? confirmation = state.Confirmations.LastOrDefault(c => c.Criterion == Id);
        if (note is not null && !(confirmation?.At > note.At))
        {
            return new ReportRow(Title, Target, $"{note.Text} ({note.Id}, {note.By})", Judge(note.Text) ?? MetricFigure.Shown);
        }

        if (confirmation is not null)
        {
            string actual = $"confirmed by {confirmation.By}{(confirmation.Note.Length > 0 ? $": {confirmation.Note}" : string.Empty)}";
            return new ReportRow(Title, Target, actual, Judge(confirmation.Note) ?? MetricFigure.Met);
        }

        string? phase = plan.Phases.FirstOrDefault(p => p.Gate.Any(c => c.Id == Id))?.Name;
        return new ReportRow(Title, Target, phase is null
            ? $"not recorded yet: report note {Id} \"…\""
            : $"to be confirmed in phase {phase}: rollout confirm {Id}; or report note {Id} \"…\"", MetricFigure.NoData);
    }

    private string? Judge(string text) =>
        FindPercentage(text) is { } value ? IsMet(value) ? MetricFigure.Met : MetricFigure.Missed : null;

    [GeneratedRegex(@"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,9})?) ?%", RegexOptions.CultureInvariant)]
    private static partial Regex Percentage();
}
