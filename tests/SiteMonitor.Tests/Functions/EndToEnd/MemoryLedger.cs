using System.Runtime.CompilerServices;
using System.Text.Json;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>A ledger that ends with the test.</summary>
internal sealed class MemoryLedger : IRunLedger
{
    private readonly Lock _gate = new();
    private readonly List<RunRecord> _records = [];

    public IReadOnlyList<RunRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    public Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            bool isNew = _records.All(r => r.RunId != record.RunId);
            if (isNew)
            {
                _records.Add(record);
            }

            return Task.FromResult(isNew);
        }
    }

    public async IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        IEnumerable<RunRecord> found = Records.Where(r =>
            (query.From is not { } from || r.Started >= from)
            && (query.To is not { } to || r.Started < to)
            && (query.Phase is null || r.Phase == query.Phase)
            && (query.Issue is null || r.Issue == query.Issue)
            && (query.Kind is null || r.Kind == query.Kind)
            && (query.RunId is null || r.RunId == query.RunId));
        found = query.NewestFirst ? found.OrderByDescending(r => r.Started) : found.OrderBy(r => r.Started);
        foreach (RunRecord record in found.Take(query.Limit ?? int.MaxValue))
        {
            yield return record;
        }
    }
}

/// <summary>Names of repositories that end with the test.</summary>
internal sealed class MemoryRepositoryNameStore : IRepositoryNameStore
{
    private readonly Lock _gate = new();
    private StoredRepositories? _stored;

    /// <summary>Whether somebody has damaged what is stored.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Runs before the next save, as another instance that saves first.</summary>
    public Action? BeforeSave { get; set; }

    public Task<StoredRepositories?> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return IsDamaged ? throw new JsonException() : Task.FromResult(_stored);
        }
    }

    public Task<bool> SaveAsync(IReadOnlyList<KnownRepository> repositories, string? version, CancellationToken cancellationToken)
    {
        (Action? before, BeforeSave) = (BeforeSave, null);
        before?.Invoke();
        lock (_gate)
        {
            bool isCurrent = _stored?.Version == version;
            _stored = isCurrent ? new StoredRepositories(repositories, Guid.NewGuid().ToString()) : _stored;
            return Task.FromResult(isCurrent);
        }
    }
}
