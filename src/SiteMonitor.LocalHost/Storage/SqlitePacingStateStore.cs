using Microsoft.Data.Sqlite;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>Stores the pacing of each credential in the embedded host's SQLite file: a restarted host knows what it has used.</summary>
/// <param name="time">The clock by which requests are paced.</param>
internal sealed class SqlitePacingStateStore(LocalDatabase database, TimeProvider time) : IPacingStateStore
{
    public async Task<VersionedPacingState> ReadAsync(string credential, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        DateTimeOffset now = time.GetUtcNow();
        return await RowOf(credential).ReadAsync(connection, cancellationToken) is var (json, version)
            ? new VersionedPacingState(PacingState.Parse(json), version, now)
            : new VersionedPacingState(PacingState.Empty, null, now);
    }

    public async Task<string?> TrySaveAsync(
        string credential, PacingState state, string? version, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        return await RowOf(credential).TryWriteAsync(connection, state.ToJson(), version, cancellationToken);
    }

    private static VersionedRow RowOf(string credential) => new("write_budgets", "credential", credential);
}
