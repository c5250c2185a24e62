using System.Globalization;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.LocalHost.Scenarios;

/// <summary>Plays the team that runs a rollout, by the routes of operators, and tells what it does.</summary>
internal sealed class ScenarioTeam(ScenarioHost host, Action<string> say)
{
    private const string Operator = "scenario";

    public RolloutPlan Plan { get; } = host.Services.GetRequiredService<RolloutPlan>();

    /// <summary>Announces the rollout and begins it with the soft launch and its test issues.</summary>
    public async Task LaunchAsync(CancellationToken cancellationToken)
    {
        await host.AdvanceAsync(TimeSpan.Zero, cancellationToken);
        await DoAsync("rollout/announce", Request("launching next week"), cancellationToken, lines: 0);
        await ConfirmAsync(cancellationToken);
        await AdvanceAsync("soft-launch", cancellationToken);
        await DoAsync("rollout/beta-issues", Request("the five test issues of the plan"), cancellationToken);
        await host.BatchAsync(cancellationToken);
        await host.RunUntilIdleAsync(cancellationToken);
    }

    /// <summary>Confirms everything that the gate of the current phase leaves to people.</summary>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        RolloutStatus status = await host.StatusAsync(cancellationToken);
        Criterion[] open = [.. Plan.Find(status.Phase)!.Gate.Where(c => c.Confirm is not null)];
        foreach (Criterion criterion in open)
        {
            await host.OperateAsync("rollout/confirm", Request("looked at together") with { Criterion = criterion.Id }, cancellationToken);
        }

        Say($"{open.Length} criteria confirmed: {string.Join(", ", open.Select(c => c.Id))}");
    }

    /// <summary>Shows the gate and goes on to the next phase; never forced.</summary>
    /// <exception cref="ScenarioException">The gate is not met.</exception>
    public async Task AdvanceAsync(string phase, CancellationToken cancellationToken)
    {
        RolloutStatus before = await host.StatusAsync(cancellationToken);
        int number = Plan.Phases.TakeWhile(p => p.Name != phase).Count() + 1;
        say(string.Empty);
        Say($"Phase {number} of {Plan.Phases.Count}, {phase}. The gate of {before.Phase}:");
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

    public async Task DoAsync(string path, OperatorRequest request, CancellationToken cancellationToken, int lines = 20)
    {
        OperationResult result = await host.OperateAsync(path, request, cancellationToken);
        Say($"{path}: {result.Title}");
        foreach (string line in result.Flags.Select(f => $"{f.Flag}: {f.Before} → {f.After}").Concat(result.Lines).Take(lines))
        {
            say($"                    {line}");
        }
    }

    public static OperatorRequest Request(string reason) => new() { Operator = Operator, Reason = reason };

    public void Say(string text) => say(string.Create(CultureInfo.InvariantCulture, $"{host.Clock.GetUtcNow():MM-dd HH:mm:ss}  {text}"));
}
