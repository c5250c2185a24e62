using System.Globalization;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Tests.Core.Rollout;

internal sealed class MemoryRolloutStore : IRolloutStore
{
    private readonly Lock _gate = new();
    private StoredState? _stored;

    public List<AuditEntry> Audit { get; } = [];

    public Task<StoredState?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(_stored);

    public Task<string?> SaveAsync(RolloutState state, IReadOnlyList<AuditEntry> entries, string? version, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_stored?.Version != version)
            {
                return Task.FromResult<string?>(null);
            }

            Audit.AddRange(entries);
            _stored = new StoredState(state, (int.Parse(version ?? "0", CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture));
            return Task.FromResult<string?>(_stored.Version);
        }
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AuditEntry>>([.. Audit.TakeLast(limit)]);
}
