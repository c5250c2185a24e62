using System.Text.Json;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Functions.Triggers.Doctor;

/// <summary>Checks that ledger and rollout state can be read, and that the ledger has a recent entry, such as a heartbeat.</summary>
internal sealed class StorageDoctorCheck(
    IRunLedger ledger, IRolloutStore rollout, IRepositoryNameStore names, TimeProvider time) : IDoctorCheck
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    public string Name => "storage";

    public int Order => 80;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        StoredState? state = await rollout.ReadAsync(cancellationToken);
        Finding rolloutFinding = Finding.Ok(state is null
            ? "The rollout's state can be read; there is none yet."
            : $"The rollout's state can be read: phase {state.State.Phase}.");
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset? last = null;
        await foreach (RunRecord record in ledger.QueryAsync(new LedgerQuery(From: now.AddDays(-1), Limit: 1, NewestFirst: true),
            cancellationToken))
        {
            last = record.Ended;
        }

        Finding ledgerFinding = last is { } at && now - at <= MaxAge
            ? Finding.Ok($"The run ledger can be read; its last entry is of {at:u}.")
            : Finding.Warning(
                last is { } old
                    ? $"The run ledger can be read; its last entry is of {old:u}."
                    : "The run ledger can be read; it has no entry of the last day.",
                "A heartbeat is due every 15 minutes. Wait for it on a new installation; otherwise check that the timers run.");
        return [rolloutFinding, ledgerFinding, .. await CheckNamesAsync(cancellationToken)];
    }

    private async Task<IReadOnlyList<Finding>> CheckNamesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await names.ReadAsync(cancellationToken);
            return [];
        }
        catch (JsonException)
        {
            return [Finding.Failure(
                "The stored names of the repositories (repositories.json) are damaged, so that renames go unnoticed.",
                "Restore an earlier version. If there is none, delete it: an issue of a renamed repository then counts as a new one.")];
        }
    }
}
