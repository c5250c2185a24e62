using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Benchmarks.Faults;

/// <summary>Runs one seed: rounds of issues and faults, then recovery without faults, then the checks.</summary>
internal static class FaultRun
{
    /// <summary>Longer than any wait for a limit of GitHub.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(70);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Batches after the healing: the second takes up what the first could not.</summary>
    private const int Batches = 2;

    /// <param name="beforeCheck">Changes what is checked, to prove that a violation is found; null changes nothing.</param>
    public static async Task<SeedResult> PlayAsync(
        FaultSchedule schedule, Action<SandboxServer, IReadOnlyList<OpenedFinding>>? beforeCheck, CancellationToken cancellationToken)
    {
        await using ICampaignHost host = schedule.Kills
            ? await ProcessHost.StartAsync(cancellationToken)
            : await SimulatedTimeHost.StartAsync(schedule, cancellationToken);
        List<OpenedFinding> opened = [];
        int batches = 0;
        foreach (FaultRound round in schedule.Rounds)
        {
            batches += await PlayAsync(round, host, opened, cancellationToken);
        }

        host.Sandbox.ClearFaults();
        await host.SettleAsync(cancellationToken);
        await host.AdvanceAsync(Recovery, cancellationToken);
        for (int n = 0; n < Batches; n++)
        {
            await host.RunBatchAsync(cancellationToken);
        }

        beforeCheck?.Invoke(host.Sandbox, opened);
        return await InvariantChecker.CheckAsync(schedule, host, opened, batches + Batches, cancellationToken);
    }

    /// <returns>How many batches it ran.</returns>
    private static async Task<int> PlayAsync(
        FaultRound round, ICampaignHost host, List<OpenedFinding> opened, CancellationToken cancellationToken)
    {
        foreach (PlannedFault fault in round.Faults)
        {
            host.Sandbox.Inject(fault.Rule);
        }

        opened.AddRange(round.Issues.Select(finding => Open(host.Sandbox, finding)));
        await WhenWorkingAsync(host.Sandbox, cancellationToken);
        if (round.RevokesTokens)
        {
            host.Sandbox.RevokeInstallationTokens();
        }

        if (round.RollsBack)
        {
            await host.RollBackAsync(cancellationToken);
        }

        await host.KillAsync(round.KillAfter, cancellationToken);
        if (round.RunsBatch)
        {
            await host.RunBatchAsync(cancellationToken);
        }

        await host.AdvanceAsync(round.Advance, cancellationToken);
        return round.RunsBatch ? 1 : 0;
    }

    /// <summary>Completes when issues are being processed, or when enough time has passed for it.</summary>
    private static async Task WhenWorkingAsync(SandboxServer sandbox, CancellationToken cancellationToken)
    {
        const int EnoughWrites = 3;
        const int MaxPolls = 100;
        int before = sandbox.Writes.Count(w => w.Via != "person");
        for (int i = 0; i < MaxPolls && sandbox.Writes.Count(w => w.Via != "person") < before + EnoughWrites; i++)
        {
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    private static OpenedFinding Open(SandboxServer sandbox, Seed finding)
    {
        IssueView issue = sandbox.Perform(new UserAction
        {
            Do = UserActionKind.Open,
            Value = finding.Title,
            Text = finding.Text(),
            Labels = finding.Labels,
            Login = finding.Author,
        })!;
        return new OpenedFinding(finding, issue.Number, issue.Body);
    }
}

/// <summary>A finding that was opened as an issue during the campaign.</summary>
/// <param name="Original">The body as GitHub showed it at first.</param>
internal sealed record OpenedFinding(Seed Finding, int Number, string Original)
{
    /// <summary>Key of the issue in ledger and write log.</summary>
    public string Key => FormattableString.Invariant($"{SeedCatalogue.Repository}#{Number}");
}
