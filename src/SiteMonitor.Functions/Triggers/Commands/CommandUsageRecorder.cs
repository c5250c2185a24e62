using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Functions.Triggers.Commands;

/// <summary>Records each use of an old command in the ledger. A refused call counts too: somebody still relies on the command.</summary>
public sealed class CommandUsageRecorder(RunRecorder recorder, ICurrentPhase phase, TimeProvider time)
{
    private const int MaxCallerLength = 100;

    /// <param name="issue">Null for a batch.</param>
    /// <param name="caller">Who calls, as far as the request tells; only printable characters of it are recorded.</param>
    public async Task RecordAsync(
        OldCommand command, LegacyCommandMode mode, IssueRef? issue, string caller, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool removed = mode == LegacyCommandMode.Removed;
        RunRecord record = new()
        {
            Kind = RunKind.Command,
            RunId = Guid.NewGuid().ToString("N"),
            Issue = issue?.Canonical ?? string.Empty,
            Trigger = TriggerNames.Command,
            RequestedStage = command.Name,
            Route = mode switch
            {
                LegacyCommandMode.Available or LegacyCommandMode.Deprecated => Logic.Legacy,
                LegacyCommandMode.Redirected => Logic.Unified,
                _ => null,
            },
            Phase = await phase.GetNameAsync(cancellationToken),
            Outcome = removed ? RunOutcome.Failed : RunOutcome.Succeeded,
            ReasonCode = $"command-{WireName.Of(mode)}",
            Caller = new string([.. caller.Trim().Where(c => !char.IsControl(c)).Take(MaxCallerLength)]),
            Started = now,
            Ended = now,
        };
        await recorder.AppendAsync(record, cancellationToken);
    }
}
