using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>The rollout's status on one screen: the response of <c>GET rollout</c>.</summary>
public sealed record RolloutStatus
{
    public required DateTimeOffset At { get; init; }

    public required string Phase { get; init; }

    public required string Title { get; init; }

    /// <summary>All phases of the plan, in order.</summary>
    public required IReadOnlyList<string> Phases { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset EvidenceFrom { get; init; }

    public FreezeState? Frozen { get; init; }

    public RollbackState? RolledBack { get; init; }

    /// <summary>A change of flags under way.</summary>
    public string Transition { get; init; } = string.Empty;

    public required string FlagsRevision { get; init; }

    public required IReadOnlyList<FlagLine> Flags { get; init; }

    public IReadOnlyList<string> FlagProblems { get; init; } = [];

    public required CohortCount Cohorts { get; init; }

    public required IReadOnlyList<CriterionResult> Gate { get; init; }

    /// <summary>Targets that the last 24 hours miss, in the last phase, which has no gate to judge them by; empty in others.</summary>
    public IReadOnlyList<MetricFigure> MissedTargets { get; init; } = [];

    /// <summary>The guard's signals.</summary>
    public required GuardState Guard { get; init; }

    /// <summary>When the guard last ran, to within two minutes; null before the first time.</summary>
    public DateTimeOffset? GuardRoundAt { get; init; }

    /// <summary>What is wrong when the guard last ran too long ago; empty otherwise.</summary>
    public string GuardProblem { get; init; } = string.Empty;

    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>The newest entries of the audit log, oldest of them first.</summary>
    public required IReadOnlyList<AuditEntry> Events { get; init; }

    /// <summary>Announcements not delivered everywhere yet.</summary>
    public required int AnnouncementsWaiting { get; init; }

    /// <summary>Channels the plan's contacts name that are not set up.</summary>
    public required IReadOnlyList<string> ChannelsMissing { get; init; }

    /// <summary>What to do next.</summary>
    public required string Next { get; init; }

    /// <summary>The state in one word, with the reason and the next action.</summary>
    public Verdict Verdict => Verdict.Of(this);
}

/// <summary>Issues of the last 24 hours by route.</summary>
/// <param name="Unified">Distinct issues in whose run a stage ran unified.</param>
/// <param name="Legacy">Distinct issues that the legacy logic worked on.</param>
public sealed record CohortCount(int Unified, int Legacy)
{
    /// <summary>0 to 1; null without data.</summary>
    public double? UnifiedShare => Unified + Legacy == 0 ? null : (double)Unified / (Unified + Legacy);
}

/// <summary>One flag as the status shows it.</summary>
/// <param name="Wanted">What the plan says, when the flag says something else; empty otherwise.</param>
public sealed record FlagLine(string Flag, string Setting, string Wanted);
