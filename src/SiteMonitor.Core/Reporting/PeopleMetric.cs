using System.Globalization;
using System.Text.RegularExpressions;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>A row of the success tables that only people can fill in: by a note in the report, or by confirming the criterion.</summary>
/// <param name="Id">Of the criterion and of the notes.</param>
/// <param name="IsMet">Judges a percentage.</param>
internal sealed partial record PeopleMetric(string Id, string Title, string Target, Func<double, bool> IsMet)
{
    public static PeopleMetric Coverage { get; } = new("coverage", "Code coverage", "> 85 %", value => value > 85);

    public static PeopleMetric Satisfaction { get; } = new("satisfaction", "User satisfaction", "> 80 %", value => value > 80);

    public static PeopleMetric TeamSatisfaction { get; } = new("team-satisfaction", "Team satisfaction", "> 80 %", value => value > 80);

    public static PeopleMetric OnBudget { get; } = new("on-budget", "On budget", "≤ 100 %", value => value <= 100);

    public static IReadOnlyList<PeopleMetric> All { get; } = [Coverage, Satisfaction, TeamSatisfaction, OnBudget];

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
            ? $"for people to say: report note {Id} \"…\""
            : $"to be confirmed in phase {phase}: rollout confirm {Id}; or report note {Id} \"…\"", MetricFigure.NoData);
    }

    private string? Judge(string text) =>
        FindPercentage(text) is { } value ? IsMet(value) ? MetricFigure.Met : MetricFigure.Missed : null;

    [GeneratedRegex(@"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,9})?) ?%", RegexOptions.CultureInvariant)]
    private static partial Regex Percentage();
}
