namespace SiteMonitor.Core.Contracts;

/// <summary>Answer of <c>GET runs</c>: runs in progress, and those that have ended, newest first.</summary>
public sealed record RunList
{
    public required DateTimeOffset At { get; init; }

    public required IReadOnlyList<ActiveRun> Active { get; init; }

    public required IReadOnlyList<RunSummary> Runs { get; init; }

    /// <summary>The value of <c>before</c> for the next page; null on the last page.</summary>
    public DateTimeOffset? Next { get; init; }
}

/// <summary>A run in progress.</summary>
/// <param name="Issue"><c>owner/name#12</c>.</param>
/// <param name="RuntimeStatus"><c>pending</c> or <c>running</c>.</param>
/// <param name="Step">The activity's name; empty before the first.</param>
/// <param name="Detail">Display text: what the step does, or until when it waits.</param>
/// <param name="Since">When the step began; null before the first.</param>
public sealed record ActiveRun(
    string InstanceId, string Issue, string RuntimeStatus, string Step, string Detail, DateTimeOffset? Since, DateTimeOffset Started);

/// <summary>Answer of <c>GET runs/{runId}</c>: one run with its steps.</summary>
public sealed record RunDetail
{
    public required RunSummary Run { get; init; }

    public required IReadOnlyList<RunStage> Stages { get; init; }

    public required bool ManualIntervention { get; init; }

    /// <summary>The model's content type; empty when none.</summary>
    public required string ContentType { get; init; }
}

/// <summary>One stage of a run; a stage that did not run has none.</summary>
/// <param name="Stage"><c>analysis</c> or <c>preparation</c>.</param>
/// <param name="Logic"><c>unified</c>, <c>legacy</c> or <c>wait</c>.</param>
/// <param name="Ms">Milliseconds of work, without waits.</param>
public sealed record RunStage(string Stage, string Logic, string Outcome, long Ms);
