using System.Text.Json;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Comparison;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Stores comparisons in append blobs, one per UTC day.</summary>
internal sealed class BlobComparisonLog(LedgerContainer container, ILogger<BlobComparisonLog> logger) : IComparisonLog, IDisposable
{
    private readonly DailyBlobs<StoredComparison> _days = new(container, "comparisons", Read, stored => stored.Id, logger);

    public async Task AppendAsync(string id, string phase, IssueComparison comparison, CancellationToken cancellationToken)
    {
        JsonElement json = JsonSerializer.SerializeToElement(comparison, ComparisonJson.Default.IssueComparison);
        string line = JsonSerializer.Serialize(new StoredLine(id, phase, json), JsonSerializerOptions.Web);
        await _days.AppendAsync(comparison.At, id, line, cancellationToken);
    }

    public async Task<IReadOnlyList<IssueComparison>> QueryAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        List<StoredComparison> found = [];
        foreach (DateOnly day in await _days.ListAsync(from, null, cancellationToken))
        {
            found.AddRange((await _days.ReadAsync(day, cancellationToken)).Where(c => c.Comparison.At >= from));
        }

        return [.. found.OrderBy(c => c.Comparison.At).ThenBy(c => c.Id, StringComparer.Ordinal).Select(c => c.Comparison)];
    }

    public void Dispose() => _days.Dispose();

    private static StoredComparison Read(string line)
    {
        StoredLine? stored = JsonSerializer.Deserialize<StoredLine>(line, JsonSerializerOptions.Web);
        return stored is { Id: not null } && stored.Comparison.ValueKind == JsonValueKind.Object
            ? new StoredComparison(stored.Id, stored.Comparison.Deserialize(ComparisonJson.Default.IssueComparison)!)
            : throw new JsonException("no id or no comparison");
    }

    private sealed record StoredLine(string Id, string Phase, JsonElement Comparison);

    private sealed record StoredComparison(string Id, IssueComparison Comparison);
}
