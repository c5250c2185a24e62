using System.Globalization;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Core.Rollout;

internal sealed class MemoryRolloutStore : IRolloutStore
{
    private readonly Lock _gate = new();
    private StoredState? _stored;

    public List<AuditEntry> Audit { get; } = [];

    public Task<StoredState?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(_stored);

    /// <summary>Done before a save: somebody else's hand.</summary>
    public Func<Task>? BeforeSave { get; set; }

    public async Task<string?> SaveAsync(RolloutState state, IReadOnlyList<AuditEntry> entries, string? version, CancellationToken cancellationToken)
    {
        await (BeforeSave?.Invoke() ?? Task.CompletedTask);
        lock (_gate)
        {
            if (_stored?.Version != version)
            {
                return null;
            }

            Audit.AddRange(entries);
            _stored = new StoredState(state, (int.Parse(version ?? "0", CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture));
            return _stored.Version;
        }
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AuditEntry>>([.. Audit.TakeLast(limit)]);
}
