using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Sandbox.Model;

namespace SiteMonitor.LocalHost.Scenarios;

/// <summary>
/// A rollout of a team with six issues a day. The team meets once a week and goes on when the gate is met, otherwise on the first day after
/// that. Gates count runs and the guard counts runs, so little traffic delays both but stops neither.
/// </summary>
/// <param name="modelFailsAfter">
/// How long after the soft launch began the model answers only garbage; the scenario then ends with the fallback. Null: never.
/// </param>
internal sealed class LowVolumeScenario(ScenarioHost host, Action<string> say, TimeSpan? modelFailsAfter = null) : IScenario
{
    /// <summary>The time from the soft launch within which the last phase must be reached.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(7 * 7);

    /// <summary>A day into the fourth week, in which every issue goes through the unified pipeline.</summary>
    public static readonly TimeSpan WeekFour = TimeSpan.FromDays((3 * 7) + 1);

    /// <summary>The most issues that a model without a usable answer may take before the guard falls back.</summary>
    public const int MaxFailingIssues = 5;

    private const int IssuesPerDay = 6;
    private const int IssuesAtOnce = 2;
    private static readonly TimeSpan MeetingInterval = TimeSpan.FromDays(7);
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1) * IssuesAtOnce / IssuesPerDay;

    private readonly ScenarioIssues _issues = new(host.GitHub);
    private readonly ScenarioTeam _team = new(host, say);
    private DateTimeOffset _launched;

    public int Issues => _issues.Opened;

    /// <summary>Simulated time since the soft launch began.</summary>
    public TimeSpan Elapsed => host.Clock.GetUtcNow() - _launched;

    /// <summary>Issues that the failing model got before the guard fell back; null when that did not happen.</summary>
    public int? FailingIssues { get; private set; }

    private bool IsModelToFail => modelFailsAfter is { } after && Elapsed >= after;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _team.LaunchAsync(cancellationToken);
        _launched = (await host.StatusAsync(cancellationToken)).Since;
        foreach (PhasePlan next in _team.Plan.Phases.Skip(2))
        {
            await WaitForGateAsync(cancellationToken);
            if (IsModelToFail)
            {
                await WaitForFallbackAsync(cancellationToken);
                return;
            }

            await _team.AdvanceAsync(next.Name, cancellationToken);
        }

        await host.AdvanceAsync(TimeSpan.FromMinutes(1), cancellationToken);
        _team.Say($"Done: {Issues} issues, {Elapsed.TotalDays:0} days after the soft launch began.");
    }

    private async Task WaitForGateAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset since = (await host.StatusAsync(cancellationToken)).Since;
        while (!IsModelToFail)
        {
            for (int i = 0; i < IssuesPerDay; i += IssuesAtOnce)
            {
                _issues.Open(IssuesAtOnce);
                await host.RunUntilIdleAsync(cancellationToken);
                await host.AdvanceAsync(Pause, cancellationToken);
            }

            if (Elapsed > MaxDuration)
            {
                throw new ScenarioException(
                    $"After {Elapsed.TotalDays:0} days the rollout is still in phase '{await DescribeGateAsync(cancellationToken)}.");
            }

            if (host.Clock.GetUtcNow() - since >= MeetingInterval && !IsModelToFail)
            {
                await _team.ConfirmAsync(cancellationToken);
                if ((await host.StatusAsync(cancellationToken)).Gate.All(c => c.State == CriterionState.Met))
                {
                    return;
                }
            }
        }
    }

    private async Task WaitForFallbackAsync(CancellationToken cancellationToken)
    {
        _team.Say("The model begins to answer garbage.");
        host.GitHub.Model = ModelBehaviour.Malformed;
        for (int issues = 1; issues <= MaxFailingIssues; issues++)
        {
            _issues.Open(1);
            await host.RunUntilIdleAsync(cancellationToken);
            if ((await host.StatusAsync(cancellationToken)).RolledBack is { } mark)
            {
                FailingIssues = issues;
                _team.Say($"After {issues} issues the guard rolled back ({mark.Title}): {mark.Reason}");
                _issues.Open(1);
                await host.RunUntilIdleAsync(cancellationToken);
                return;
            }

            await host.AdvanceAsync(Pause, cancellationToken);
        }

        RolloutStatus status = await host.StatusAsync(cancellationToken);
        throw new ScenarioException($"The guard did not fall back within {MaxFailingIssues} issues: {status.Guard.Observation}");
    }

    private async Task<string> DescribeGateAsync(CancellationToken cancellationToken)
    {
        RolloutStatus status = await host.StatusAsync(cancellationToken);
        IEnumerable<string> open = status.Gate.Where(c => c.State != CriterionState.Met)
            .Select(c => $"{c.Title}: {c.Value} (target {c.Target})");
        return $"{status.Phase}': {string.Join("; ", open)}";
    }
}
