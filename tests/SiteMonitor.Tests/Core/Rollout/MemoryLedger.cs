using System.Runtime.CompilerServices;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Core.Rollout;

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
            && (query.Issue is null || r.Issue == query.Issue) && (query.Kind is null || r.Kind == query.Kind));
        found = query.NewestFirst ? found.OrderByDescending(r => r.Started) : found.OrderBy(r => r.Started);
        foreach (RunRecord record in found.Take(query.Limit ?? int.MaxValue).ToArray())
        {
            yield return await Task.FromResult(record);
        }
    }
}
