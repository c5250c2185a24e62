using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Stores lines in one append blob per UTC day: <c>runs/2026/11/23.jsonl</c>.</summary>
/// <param name="idOf">The id of an item, by which it is appended once; null where nothing is appended.</param>
/// <param name="order">The order of the items of a day.</param>
/// <param name="itemsKept">Number of items kept in memory; the oldest days are dropped first and read again when asked for.</param>
/// <param name="summaries">Returns the store of a day's items in a form that is quicker to read; null when there is none.</param>
internal sealed class DailyBlobs<T>(
    LedgerContainer container, string folder, Func<ReadOnlySpan<byte>, T> parse, Func<T, string>? idOf, IComparer<T> order, int itemsKept,
    ILogger logger, Func<DateOnly, ILineSummary<T>>? summaries = null) : IDisposable
{
    private const string Format = "yyyy/MM/dd";
    private const int ParallelReads = 4;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<DateOnly, LineBlob<T>> _days = [];

    public Task<bool> AppendAsync(DateTimeOffset at, string id, string line, CancellationToken cancellationToken) =>
        StorageFailures.TranslateAsync(
        async () => await Day(await container.OpenAsync(cancellationToken), DateOnly.FromDateTime(at.UtcDateTime)).AppendAsync(id, line,
            cancellationToken),
            cancellationToken);

    /// <summary>Returns the existing days in a span, in order, with their present lengths.</summary>
    public Task<IReadOnlyList<StoredDay>> ListAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        StorageFailures.TranslateAsync<IReadOnlyList<StoredDay>>(
        async () =>
        {
            DateOnly first = from is { } f ? DateOnly.FromDateTime(f.UtcDateTime) : DateOnly.MinValue;
            DateOnly last = to is { } t ? DateOnly.FromDateTime(t.UtcDateTime) : DateOnly.MaxValue;
            BlobContainerClient blobs = await container.OpenAsync(cancellationToken);
            List<StoredDay> days = [];
            await foreach (BlobItem item in blobs.GetBlobsAsync(new GetBlobsOptions { Prefix = $"{folder}/" }, cancellationToken))
            {
                if (DayOf(item.Name) is { } day)
                {
                    days.Add(new StoredDay(day, item.Properties.ContentLength ?? long.MaxValue, IsPast: true));
                }
            }

            days.Sort((left, right) => left.Day.CompareTo(right.Day));
            if (days.Count > 0)
            {
                days[^1] = days[^1] with { IsPast = false };
            }

            return [.. days.Where(day => day.Day >= first && day.Day <= last)];
        },
        cancellationToken);

    /// <summary>Reads the days that are not in memory yet, several at a time.</summary>
    public Task PreloadAsync(IReadOnlyList<StoredDay> days, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        days, new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
        async (day, token) => await ReadAsync(day, token));

    /// <summary>Returns the number of a day's items that are in memory.</summary>
    public int CountInMemory(StoredDay day)
    {
        lock (_gate)
        {
            return _days.TryGetValue(day.Day, out LineBlob<T>? lines) ? lines.Count : 0;
        }
    }

    /// <summary>Returns the items of a day, in order. Only what was appended since the last read is read from storage.</summary>
    public Task<IReadOnlyList<T>> ReadAsync(StoredDay day, CancellationToken cancellationToken) => StorageFailures.TranslateAsync(
        async () =>
        {
            LineBlob<T> lines = Day(await container.OpenAsync(cancellationToken), day.Day);
            IReadOnlyList<T> items = await lines.ReadAsync(day.Length, day.IsPast, cancellationToken);
            DropOldest(except: day.Day);
            return items;
        },
        cancellationToken);

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
                    parse, idOf, logger, order, summaries?.Invoke(day));
                _days.Add(day, lines);
            }

            return lines;
        }
    }

    private void DropOldest(DateOnly except)
    {
        lock (_gate)
        {
            int kept = _days.Values.Sum(lines => lines.Count);
            foreach (DateOnly oldest in _days.Keys.Where(day => day != except).ToArray())
            {
                if (kept <= itemsKept)
                {
                    return;
                }

                kept -= _days[oldest].Count;
                _days.Remove(oldest);
            }
        }
    }

    private DateOnly? DayOf(string blob) =>
        blob.Length > folder.Length + 7 && DateOnly.TryParseExact(blob[(folder.Length + 1)..^".jsonl".Length], Format,
            CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : null;
}

/// <summary>A day's blob as storage lists it.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="IsPast">Whether a later day exists, so that it hardly grows any more.</param>
internal readonly record struct StoredDay(DateOnly Day, long Length, bool IsPast);
