using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Stores lines in one append blob per UTC day: <c>runs/2026/11/23.jsonl</c>.</summary>
internal sealed class DailyBlobs<T>(
    LedgerContainer container, string folder, Func<string, T> parse, Func<T, string> idOf, ILogger logger) : IDisposable
{
    private const string Format = "yyyy/MM/dd";

    /// <summary>Number of days kept in memory: gates, guard and reports read them often, and the success history covers 180 days.</summary>
    private const int DaysKept = 185;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<DateOnly, LineBlob<T>> _days = [];

    public Task<bool> AppendAsync(DateTimeOffset at, string id, string line, CancellationToken cancellationToken) =>
        StorageFailures.TranslateAsync(
        async () => await Day(await container.OpenAsync(cancellationToken), DateOnly.FromDateTime(at.UtcDateTime)).AppendAsync(id, line,
            cancellationToken),
            cancellationToken);

    /// <summary>Returns the existing days in a span, in order.</summary>
    public Task<IReadOnlyList<DateOnly>> ListAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        StorageFailures.TranslateAsync<IReadOnlyList<DateOnly>>(
        async () =>
        {
            DateOnly first = from is { } f ? DateOnly.FromDateTime(f.UtcDateTime) : DateOnly.MinValue;
            DateOnly last = to is { } t ? DateOnly.FromDateTime(t.UtcDateTime) : DateOnly.MaxValue;
            BlobContainerClient blobs = await container.OpenAsync(cancellationToken);
            List<DateOnly> days = [];
            await foreach (BlobItem item in blobs.GetBlobsAsync(new GetBlobsOptions { Prefix = $"{folder}/" }, cancellationToken))
            {
                if (DayOf(item.Name) is { } day && day >= first && day <= last)
                {
                    days.Add(day);
                }
            }

            days.Sort();
            return days;
        },
        cancellationToken);

    public Task<IReadOnlyList<T>> ReadAsync(DateOnly day, CancellationToken cancellationToken) => StorageFailures.TranslateAsync(
        async () => await Day(await container.OpenAsync(cancellationToken), day).ReadAsync(cancellationToken), cancellationToken);

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (LineBlob<T> day in _days.Values)
            {
                day.Dispose();
            }

            _days.Clear();
        }
    }

    private LineBlob<T> Day(BlobContainerClient blobs, DateOnly day)
    {
        lock (_gate)
        {
            if (!_days.TryGetValue(day, out LineBlob<T>? lines))
            {
                lines = new LineBlob<T>(blobs.GetAppendBlobClient($"{folder}/{day.ToString(Format, CultureInfo.InvariantCulture)}.jsonl"),
                    parse, idOf, logger);
                _days.Add(day, lines);
                if (_days.Count > DaysKept)
                {
                    _days.Remove(_days.Keys.First(d => d != day));
                }
            }

            return lines;
        }
    }

    private DateOnly? DayOf(string blob) =>
        blob.Length > folder.Length + 7 && DateOnly.TryParseExact(blob[(folder.Length + 1)..^".jsonl".Length], Format,
            CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : null;
}
