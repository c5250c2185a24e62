using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Comparison;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Stores comparisons in append blobs, one per UTC day.</summary>
internal sealed class BlobComparisonLog(LedgerContainer container, ILogger<BlobComparisonLog> logger) : IComparisonLog, IDisposable
{
    /// <summary>Number of comparisons kept in memory: more than a phase has.</summary>
    private const int ComparisonsKept = 20_000;

    private static readonly Comparer<StoredComparison> Order = Comparer<StoredComparison>.Create((left, right) =>
        left.Comparison.At.CompareTo(right.Comparison.At) is not 0 and var byTime ? byTime : string.CompareOrdinal(left.Id, right.Id));

    private readonly DailyBlobs<StoredComparison> _days =
        new(container, "comparisons", Read, stored => stored.Id, Order, ComparisonsKept, logger);

    public async Task AppendAsync(string id, string phase, IssueComparison comparison, CancellationToken cancellationToken)
    {
        JsonElement json = JsonSerializer.SerializeToElement(comparison, ComparisonJson.Default.IssueComparison);
        string line = JsonSerializer.Serialize(new ComparisonLine(id, phase, json), ComparisonLineJson.Default.ComparisonLine);
        await _days.AppendAsync(comparison.At, id, line, cancellationToken);
    }

    public async Task<IReadOnlyList<IssueComparison>> QueryAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        List<IssueComparison> found = [];
        foreach (StoredDay day in await _days.ListAsync(from, null, cancellationToken))
        {
            found.AddRange((await _days.ReadAsync(day, cancellationToken)).Select(c => c.Comparison).Where(c => c.At >= from));
        }

        return found;
    }

    public void Dispose() => _days.Dispose();

    private static StoredComparison Read(ReadOnlySpan<byte> line)
    {
        ComparisonLine? stored = JsonSerializer.Deserialize(line, ComparisonLineJson.Default.ComparisonLine);
        return stored is { Id: not null } && stored.Comparison.ValueKind == JsonValueKind.Object
            ? new StoredComparison(stored.Id, stored.Comparison.Deserialize(ComparisonJson.Default.IssueComparison)!)
            : throw new JsonException("no id or no comparison");
    }

    private sealed record StoredComparison(string Id, IssueComparison Comparison);
}

/// <summary>A comparison as one line of a blob.</summary>
internal sealed record ComparisonLine(string Id, string Phase, JsonElement Comparison);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ComparisonLine))]
internal sealed partial class ComparisonLineJson : JsonSerializerContext;
