using System.Globalization;
using SiteMonitor.Core.Comparison;
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
internal sealed class RolloutScenario(ScenarioHost host, Action<string> say)
{
    private const string Operator = "scenario";
    private readonly ScenarioIssues _issues = new(host.GitHub);

    public int Issues => _issues.Opened;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await host.AdvanceAsync(TimeSpan.Zero, cancellationToken);
        await DoAsync("rollout/announce", Request("launching next week"), cancellationToken, lines: 0);
        await ConfirmAsync(cancellationToken);
        await AdvanceAsync("soft-launch", cancellationToken);
        await SoftLaunchAsync(cancellationToken);
        await AdvanceAsync("parallel", cancellationToken);
        await ParallelAsync(cancellationToken);
        await AdvanceAsync("half", cancellationToken);
        await HalfAsync(cancellationToken);
        await AdvanceAsync("full", cancellationToken);
        await FullAsync(cancellationToken);
        await AdvanceAsync("cleanup", cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromDays(7), cancellationToken);
        await ConfirmAsync(cancellationToken);
        await AdvanceAsync("steady", cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromMinutes(1), cancellationToken);
        Say($"Done: {Issues} issues.");
    }

    private async Task SoftLaunchAsync(CancellationToken cancellationToken)
    {
        await DoAsync("rollout/beta-issues", Request("the five test issues of the plan"), cancellationToken);
        await host.BatchAsync(cancellationToken);
        await host.RunUntilIdleAsync(cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromDays(4), cancellationToken);
        await ConfirmAsync(cancellationToken);
    }

    private async Task ParallelAsync(CancellationToken cancellationToken)
    {
        await DiscrepancyAsync(cancellationToken);

        // About a fifth of the issues takes the unified pipeline; the gate requires 20 of those.
        await WavesAsync(waves: 4, issues: 50, cancellationToken);
        await ConfirmAsync(cancellationToken);
        await UntilGateAsync(TimeSpan.FromHours(6), issues: 20, cancellationToken);
    }

    /// <summary>
    /// Opens findings with injected instructions, which the old rules follow and the model ignores. The comparison reports them and the
    /// gate stays closed until the evidence is reset.
    /// </summary>
    private async Task DiscrepancyAsync(CancellationToken cancellationToken)
    {
        Say("Strangers write instructions into three findings; the old rules fall for them.");
        _issues.Open(17);
        _issues.OpenInjected(3);
        await host.RunUntilIdleAsync(cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromMinutes(15), cancellationToken);
        ConsistencyReport report = await host.ComparisonAsync(cancellationToken);
        IssueComparison different = report.Issues.FirstOrDefault(i => i.IsUnexplained)
            ?? throw new ScenarioException(
                $"Of {report.Compared} issues compared ({report.Unmatched} unmatched) none differs without an explanation.");
        Difference difference = different.Differences.First(d => d.Class == DifferenceClassification.Unexplained);
        Say($"compare: {report.Unexplained} of {report.Compared} issues differ without an explanation; {different.Issue}: " +
            $"{difference.Field} {difference.Item}: unified '{difference.Unified}', legacy '{difference.Legacy}'");
        Say($"rollout/advance is refused: {await host.ExpectRefusalAsync("rollout/advance", Request("why not"), cancellationToken)}");
        await DoAsync(
            "rollout/reset-evidence", Request(
                "looked at together: the new logic is right, the old rules count injected words"), cancellationToken);
    }

    private async Task HalfAsync(CancellationToken cancellationToken)
    {
        await WavesAsync(waves: 2, issues: 25, cancellationToken);
        host.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.ServerError, Times = 0 });
        Say("The model begins to fail.");
        await UntilRolledBackAsync(cancellationToken);
        host.GitHub.ClearFaults();
        await RecoverAsync("the model's quota was raised", cancellationToken);
        await WavesAsync(waves: 4, issues: 30, cancellationToken);
        await host.AdvanceAsync(TimeSpan.FromDays(5), cancellationToken);
        await ConfirmAsync(cancellationToken);
        await UntilGateAsync(TimeSpan.FromHours(6), issues: 15, cancellationToken);
    }

    private async Task FullAsync(CancellationToken cancellationToken)
    {
        await WavesAsync(waves: 2, issues: 20, cancellationToken);
        host.GitHub.Inject(new FaultRule { Match = "removeLabelsFromLabelable", Effect = FaultEffect.BadGateway, Times = 0 });
        Say("GitHub begins to refuse taking labels off: issues are left half done.");
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
        Say($"{waves * issues} issues; in 24 h {status.Cohorts.Unified} unified, {status.Cohorts.Legacy} legacy. " +
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
                Say($"The guard rolled back ({mark.Title}): {mark.Reason}");
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
        await DoAsync($"incidents/{incident}/acknowledge", Request("on it"), cancellationToken);
        _issues.Open(10);
        await host.RunUntilIdleAsync(cancellationToken);
        await DoAsync("rollout/resume", Request(what), cancellationToken);
        await DoAsync($"incidents/{incident}/resolve", Request(what), cancellationToken, lines: 0);
        await host.AdvanceAsync(TimeSpan.Zero, cancellationToken);
        await DoAsync("rollout/reset-evidence", Request(what), cancellationToken);
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

    private async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        RolloutPlan plan = host.Services.GetRequiredService<RolloutPlan>();
        RolloutStatus status = await host.StatusAsync(cancellationToken);
        Criterion[] open = [.. plan.Find(status.Phase)!.Gate.Where(c => c.Confirm is not null)];
        foreach (Criterion criterion in open)
        {
            await host.OperateAsync("rollout/confirm", Request("looked at together") with { Criterion = criterion.Id }, cancellationToken);
        }

        Say($"{open.Length} criteria confirmed: {string.Join(", ", open.Select(c => c.Id))}");
    }

    private async Task AdvanceAsync(string phase, CancellationToken cancellationToken)
    {
        RolloutStatus before = await host.StatusAsync(cancellationToken);
        RolloutPlan plan = host.Services.GetRequiredService<RolloutPlan>();
        int number = plan.Phases.TakeWhile(p => p.Name != phase).Count() + 1;
        say(string.Empty);
        Say($"Phase {number} of {plan.Phases.Count}, {phase}. The gate of {before.Phase}:");
        foreach (CriterionResult criterion in before.Gate)
        {
            Say($"  {criterion.Sign} {criterion.Title}: {criterion.Value} (target {criterion.Target}) {criterion.Detail}");
        }

        foreach (Incident incident in before.Incidents)
        {
            Say($"  {incident.Id} is open since {incident.Opened:MM-dd HH:mm:ss}: {incident.Title}");
        }

        await DoAsync("rollout/advance", Request("the gate is met") with { Phase = before.Phase }, cancellationToken);
        RolloutStatus after = await host.StatusAsync(cancellationToken);
        if (after.Phase != phase)
        {
            throw new ScenarioException($"The rollout is in phase '{after.Phase}', not in '{phase}'.");
        }
    }

    private async Task DoAsync(string path, OperatorRequest request, CancellationToken cancellationToken, int lines = 20)
    {
        OperationResult result = await host.OperateAsync(path, request, cancellationToken);
        Say($"{path}: {result.Title}");
        foreach (string line in result.Flags.Select(f => $"{f.Flag}: {f.Before} → {f.After}").Concat(result.Lines).Take(lines))
        {
            say($"                    {line}");
        }
    }

    private static OperatorRequest Request(string reason) => new() { Operator = Operator, Reason = reason };

    private void Say(string text) => say(string.Create(CultureInfo.InvariantCulture, $"{host.Clock.GetUtcNow():MM-dd HH:mm:ss}  {text}"));
}
