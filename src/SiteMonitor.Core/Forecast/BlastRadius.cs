using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Forecast;

/// <summary>The effect that an advance would have on the open issues.</summary>
public sealed record BlastRadius
{
    /// <summary>Open issues with a label of the workflow.</summary>
    public required int Issues { get; init; }

    /// <summary>Those that would change to the unified pipeline.</summary>
    public required int ToUnified { get; init; }

    /// <summary>Those that would change back to the old logic.</summary>
    public required int ToLegacy { get; init; }

    /// <summary>Those that the unified pipeline would write to.</summary>
    public required int Written { get; init; }

    /// <summary>The first ten of them, in the order in which a batch would start them.</summary>
    public required IReadOnlyList<PlannedIssue> First { get; init; }

    /// <summary>Those left alone because they are assigned to a person.</summary>
    public required int AssignedToPerson { get; init; }

    /// <summary>Whether the four-hourly timer starts them; otherwise they must be started by hand.</summary>
    public required bool StartsByTimer { get; init; }

    /// <summary>Sessions of the Copilot coding agent that this takes, by the mean of the last unified runs.</summary>
    public required int CopilotSessions { get; init; }

    /// <summary>US dollars for the model, by the mean of the last unified runs; null before the first.</summary>
    public decimal? Dollars { get; init; }

    /// <summary>Hours of writing at GitHub's limits.</summary>
    public required double Hours { get; init; }

    /// <summary>The phase's intake of the backlog, by day and repository; null: no limit.</summary>
    public int? Intake { get; init; }

    /// <summary>Days until the intake has let in the whole backlog; 1 without an intake, null when it never does.</summary>
    public int? Days { get; init; }

    /// <summary>How many of the issues to be written to the plan's limits (authors, Copilot sessions, dollars) admit in 24 hours.</summary>
    public required int LimitPerDay { get; init; }

    /// <summary>Days until the limits have admitted all of these; 1 when they delay none, null when they never admit all.</summary>
    public int? LimitDays { get; init; }

    /// <summary>What could not be read, so that the figures are too low.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The same for people, a line each.</summary>
    public IEnumerable<string> Describe()
    {
        yield return $"Existing issues: {ToUnified} of {Issues} open ones would change to the unified pipeline, {ToLegacy} back to the old logic.";
        string starter = StartsByTimer ? "the four-hourly timer starts them" : "nothing starts them by itself in that phase";
        yield return Written == 0 ? "None of them would be written to." : $"It would write to {Written} of them; {starter}:";
        foreach (PlannedIssue issue in First)
        {
            yield return $"  {issue.Issue}: {issue.Writes}";
        }

        if (AssignedToPerson > 0)
        {
            yield return $"{AssignedToPerson} more are assigned to a person and left alone.";
        }

        if (Written > 0)
        {
            string dollars = Dollars is { } cost ? FormattableString.Invariant($"${cost:0.00}") : "an unknown sum (no unified run yet)";
            yield return FormattableString.Invariant(
                $"That takes about {CopilotSessions} Copilot sessions, {dollars} for the model and {Hours:0.0} h of writing at GitHub's limits.");
        }

        if (Intake is { } most)
        {
            yield return $"The intake lets in {most} of the backlog a day and repository: {(Days is { } days ? $"{days} days" : "the rest waits for ever")}.";
        }

        if (LimitPerDay < Written)
        {
            yield return $"The plan's limits admit {LimitPerDay} of them on the first day: " +
                $"{(LimitDays is { } days ? $"all of them take at least {days} days" : "the rest is never admitted")}.";
        }

        foreach (string problem in Problems)
        {
            yield return $"Not counted: {problem}";
        }
    }
}

/// <summary>An issue that an advance would have written to.</summary>
/// <param name="Issue">Canonical <c>owner/repo#number</c>.</param>
/// <param name="Writes">What would be written, as display text.</param>
public sealed record PlannedIssue(string Issue, string Writes)
{
    public static PlannedIssue For(IssueRef issue, IReadOnlyList<Stage> stages) => new(
        issue.Canonical,
        stages[0] == Stage.Preparation
            ? "guidance, copilot-assigned, Copilot, a comment"
            : "what the analysis finds: specialist labels, guidance, Copilot and a comment, or a question to a person");
}
