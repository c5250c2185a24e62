using System.Globalization;
using System.Runtime.CompilerServices;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Tests.Core.Rollout;

internal sealed class MemoryComparisons : IComparisonLog
{
    private readonly Dictionary<string, IssueComparison> _byId = [];

    public Task AppendAsync(string id, string phase, IssueComparison comparison, CancellationToken cancellationToken)
    {
        _byId.TryAdd(id, comparison);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<IssueComparison>> QueryAsync(DateTimeOffset from, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IssueComparison>>([.. _byId.Values.Where(c => c.At >= from).OrderBy(c => c.At)]);

    public void Add(string issue, DateTimeOffset at, DifferenceClassification difference = DifferenceClassification.None, bool unmatched = false, string[]? specialists = null, string unified = "assigned")
    {
        SideDecision Decided(Logic logic) => new() { Logic = logic, Outcome = logic == Logic.Unified ? unified : unmatched ? "unmatched" : "assigned", Labels = [], Assignees = [], Specialists = specialists ?? [] };
        Difference[] differences = difference == DifferenceClassification.None ? [] : [new Difference(ComparedField.Labels, "x", "x", string.Empty, difference)];
        _byId[$"{issue}@{at:o}"] = new IssueComparison(issue, at, Decided(Logic.Unified), Decided(Logic.Legacy), differences);
    }
}

internal sealed class MemoryFlagStore(TimeProvider time) : IFlagStore
{
    private readonly Dictionary<string, (string Json, int Version)> _flags = [];
    private int _version;

    public List<string> Writes { get; } = [];

    /// <summary>Asked before each write; a result other than null is the write's.</summary>
    public Func<string, FlagWriteResult?> OnWrite { get; set; } = _ => null;

    public string? Down { get; set; }

    /// <summary>The store answers this write and nothing after it.</summary>
    public string? DownAfterThisWrite { get; set; }

    public string Description => "flags in memory";

    public async Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken) => Down is { } reason
        ? new FlagReadResult.Unavailable(reason)
        : new FlagReadResult.Loaded(new FlagSnapshot(
            await Task.WhenAll(_flags.Select(f => FlagReader.ReadAsync(f.Key, f.Value.Json, f.Value.Version.ToString(CultureInfo.InvariantCulture)))),
            time.GetUtcNow()));

    public Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken)
    {
        if (OnWrite(name) is { } result)
        {
            return Task.FromResult(result);
        }

        string? actual = _flags.TryGetValue(name, out (string Json, int Version) flag) ? flag.Version.ToString(CultureInfo.InvariantCulture) : null;
        if (actual != etag)
        {
            return Task.FromResult<FlagWriteResult>(new FlagWriteResult.Conflict());
        }

        Writes.Add(name);
        Down = DownAfterThisWrite ?? Down;
        _flags[name] = (json, ++_version);
        return Task.FromResult<FlagWriteResult>(new FlagWriteResult.Written(_version.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>As somebody would in the portal.</summary>
    public void Set(string name, FlagSetting setting) =>
        _flags[name] = (FlagSettingWriter.Apply(name, _flags.TryGetValue(name, out (string Json, int Version) flag) ? FlagSchema.Normalize(FlagSchema.Parse(flag.Json)!) : null, setting), ++_version);

    public void Remove(string name) => _flags.Remove(name);

    public void SetRaw(string name, string json) => _flags[name] = (json, ++_version);

    public void Set(IEnumerable<FlagTarget> targets)
    {
        foreach (FlagTarget target in targets)
        {
            Set(target.Flag, target.Setting);
        }
    }
}

internal sealed class MemoryLedger : IRunLedger
{
    public List<RunRecord> Records { get; } = [];

    /// <summary>Set to make every question fail.</summary>
    public Exception? Broken { get; set; }

    public Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken)
    {
        bool isNew = Records.All(r => r.RunId != record.RunId);
        if (isNew)
        {
            Records.Add(record);
        }

        return Task.FromResult(isNew);
    }

    public async IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Broken is { } broken)
        {
            throw broken;
        }

        IEnumerable<RunRecord> found = Records.Where(r =>
            (query.From is null || r.Started >= query.From) && (query.To is null || r.Started < query.To) && (query.Phase is null || r.Phase == query.Phase)
            && (query.Issue is null || r.Issue == query.Issue) && (query.Kind is null || r.Kind == query.Kind)
            && (query.RunId is null || r.RunId == query.RunId));
        found = query.NewestFirst ? found.OrderByDescending(r => r.Started) : found.OrderBy(r => r.Started);
        foreach (RunRecord record in found.Take(query.Limit ?? int.MaxValue).ToArray())
        {
            yield return await Task.FromResult(record);
        }
    }
}

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
