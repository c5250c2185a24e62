using System.Globalization;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.LocalHost.Scenarios;

/// <summary>
/// A whole rollout from development to steady with more than 500 issues. The guard rolls back one stage when the model fails, and
/// everything when issues are left half done; each time the team fixes the cause and continues. All steps use the routes of operators and
/// GitHub.
/// </summary>
internal sealed class RolloutScenario(ScenarioHost host, Action<string> say) : IScenario
{
    private readonly ScenarioIssues _issues = new(host.GitHub);
    private readonly ScenarioTeam _team = new(host, say);

    public int Issues => _issues.Opened;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _team.LaunchAsync(cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromDays(4), cancellationToken);
        await _team.ConfirmAsync(cancellationToken);
        await _team.AdvanceAsync("parallel", cancellationToken);
        await ParallelAsync(cancellationToken);
        await _team.AdvanceAsync("half", cancellationToken);
        await HalfAsync(cancellationToken);
        await _team.AdvanceAsync("full", cancellationToken);
        await FullAsync(cancellationToken);
        await _team.AdvanceAsync("cleanup", cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromDays(7), cancellationToken);
        await _team.ConfirmAsync(cancellationToken);
        await _team.AdvanceAsync("steady", cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromMinutes(1), cancellationToken);
        _team.Say($"Done: {Issues} issues.");
    }

    private async Task ParallelAsync(CancellationToken cancellationToken)
    {
        await DiscrepancyAsync(cancellationToken);

        // About a fifth of the issues takes the unified pipeline; the gate requires 20 of those.
        await WavesAsync(waves: 4, issues: 50, cancellationToken);
        await _team.ConfirmAsync(cancellationToken);
        await UntilGateAsync(TimeSpan.FromHours(6), issues: 20, cancellationToken);
    }

    /// <summary>
    /// Opens findings with injected instructions, which the old rules follow and the model ignores. The comparison reports them and the
    /// gate stays closed until the evidence is reset.
    /// </summary>
    private async Task DiscrepancyAsync(CancellationToken cancellationToken)
    {
        _team.Say("Strangers write instructions into three findings; the old rules fall for them.");
        _issues.Open(17);
        _issues.OpenInjected(3);
        await host.RunUntilIdleAsync(cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromMinutes(15), cancellationToken);
        ConsistencyReport report = await host.ComparisonAsync(cancellationToken);
        IssueComparison different = report.Issues.FirstOrDefault(i => i.IsUnexplained)
            ?? throw new ScenarioException(
                $"Of {report.Compared} issues compared ({report.Unmatched} unmatched) none differs without an explanation.");
        Difference difference = different.Differences.First(d => d.Class == DifferenceClassification.Unexplained);
        _team.Say($"compare: {report.Unexplained} of {report.Compared} issues differ without an explanation; {different.Issue}: " +
            $"{difference.Field} {difference.Item}: unified '{difference.Unified}', legacy '{difference.Legacy}'");
        _team.Say("rollout/advance is refused: " +
            $"{await host.ExpectRefusalAsync("rollout/advance", ScenarioTeam.Request("why not"), cancellationToken)}");
        await _team.DoAsync(
            "rollout/reset-evidence", ScenarioTeam.Request(
                "looked at together: the new logic is right, the old rules count injected words"), cancellationToken);
    }

    private async Task HalfAsync(CancellationToken cancellationToken)
    {
        await WavesAsync(waves: 2, issues: 25, cancellationToken);
        host.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.ServerError, Times = 0 });
        _team.Say("The model begins to fail.");
        await UntilRolledBackAsync(cancellationToken);
        host.GitHub.ClearFaults();
        await RecoverAsync("the model's quota was raised", cancellationToken);
        await WavesAsync(waves: 4, issues: 30, cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromDays(5), cancellationToken);
        await _team.ConfirmAsync(cancellationToken);
        await UntilGateAsync(TimeSpan.FromHours(6), issues: 15, cancellationToken);
    }

    private async Task FullAsync(CancellationToken cancellationToken)
    {
        await WavesAsync(waves: 2, issues: 20, cancellationToken);
        host.GitHub.Inject(new FaultRule { Match = "removeLabelsFromLabelable", Effect = FaultEffect.BadGateway, Times = 0 });
        _team.Say("GitHub begins to refuse taking labels off: issues are left half done.");
        await UntilRolledBackAsync(cancellationToken);
        host.GitHub.ClearFaults();
        await host.BatchAsync(cancellationToken);
        await host.RunUntilIdleAsync(cancellationToken);
        await RecoverAsync("GitHub is well again; the issues left half done were taken up by a batch", cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromDays(4), cancellationToken);
        await WavesAsync(waves: 1, issues: 30, cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromDays(1), cancellationToken);
        await WavesAsync(waves: 1, issues: 30, cancellationToken);
        await UntilGateAsync(TimeSpan.FromDays(1), issues: 25, cancellationToken);
    }

    private async Task WavesAsync(int waves, int issues, CancellationToken cancellationToken)
    {
        for (int i = 0; i < waves; i++)
        {
            _issues.Open(issues);
            await host.RunUntilIdleAsync(cancellationToken);
            await host.AdvanceAsync(TimeSpan.Zero, cancellationToken);
        }

        RolloutStatus status = await host.StatusAsync(cancellationToken);
        _team.Say($"{waves * issues} issues; in 24 h {status.Cohorts.Unified} unified, {status.Cohorts.Legacy} legacy. " +
            $"Guard: {status.Guard.Observation}");
    }

    private async Task UntilRolledBackAsync(CancellationToken cancellationToken)
    {
        for (int minute = 0; minute < 30; minute++)
        {
            _issues.Open(4);
            await host.RunUntilIdleAsync(cancellationToken);
            await host.AdvanceAsync(TimeSpan.Zero, cancellationToken);
            if ((await host.StatusAsync(cancellationToken)).RolledBack is { } mark)
            {
                _team.Say($"The guard rolled back ({mark.Title}): {mark.Reason}");
                return;
            }
        }

        throw new ScenarioException(
            $"The guard did not roll back within 30 min: {(await host.StatusAsync(cancellationToken)).Guard.Observation}");
    }

    private async Task RecoverAsync(string what, CancellationToken cancellationToken)
    {
        RolloutStatus status = await host.StatusAsync(cancellationToken);
        string incident = status.Incidents.Single().Id;
        await _team.DoAsync($"incidents/{incident}/acknowledge", ScenarioTeam.Request("on it"), cancellationToken);
        _issues.Open(10);
        await host.RunUntilIdleAsync(cancellationToken);
        await _team.DoAsync("rollout/resume", ScenarioTeam.Request(what), cancellationToken);
        await _team.DoAsync($"incidents/{incident}/resolve", ScenarioTeam.Request(what), cancellationToken, lines: 0);
        await host.AdvanceAsync(TimeSpan.Zero, cancellationToken);
        await _team.DoAsync("rollout/reset-evidence", ScenarioTeam.Request(what), cancellationToken);
    }

    private async Task UntilGateAsync(TimeSpan pause, int issues, CancellationToken cancellationToken)
    {
        const int MaxAttempts = 8;
        for (int i = 0; i < MaxAttempts
            && (await host.StatusAsync(cancellationToken)).Gate.Any(c => c.State != CriterionState.Met
                && !c.Id.Contains("incident", StringComparison.Ordinal)); i++)
        {
            await host.AdvanceAsync(pause, cancellationToken);
            await WavesAsync(waves: 1, issues, cancellationToken);
        }
    }
}
