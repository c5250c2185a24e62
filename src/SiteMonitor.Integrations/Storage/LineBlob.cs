using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core;

namespace SiteMonitor.Integrations.Storage;

/// <summary>
/// An append blob of lines with unique ids. A line is appended only if the blob still has the length that was read
/// (<c>If-Append-Position-Equal</c>); otherwise the new lines are read first. Lines never change, so only new ones are read. An unreadable
/// line is logged and skipped.
/// </summary>
/// <param name="idOf">The id of an item, by which it is appended once; null where nothing is appended.</param>
/// <param name="order">The order of the items; null for that of the lines.</param>
/// <param name="summary">The store of the items in a form that is quicker to read; null when there is none.</param>
internal sealed partial class LineBlob<T>(
    AppendBlobClient blob, Func<ReadOnlySpan<byte>, T> parse, Func<T, string>? idOf, ILogger logger, IComparer<T>? order = null,
    ILineSummary<T>? summary = null) : IDisposable
{
    private const int MaxTries = 30;
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private readonly List<T> _items = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private long _length;
    private bool _exists;
    private int _lines;
    private int _unreadable;
    private T[]? _inOrder;
    private bool _isRestored;
    private long _summarized;

    /// <summary>The number of items in memory.</summary>
    public int Count => _items.Count;

    /// <summary>Appends a line unless its id exists.</summary>
    /// <returns>Whether it was written by this call.</returns>
    public async Task<bool> AppendAsync(string id, string line, CancellationToken cancellationToken)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            for (int i = 0; i < MaxTries; i++)
            {
                await ReadRestAsync(cancellationToken);
                if (_ids.Contains(id))
                {
                    return false;
                }

                if (await TryAppendAsync(bytes, cancellationToken))
                {
                    return true;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20 * (i + 1))), TimeProvider.System, cancellationToken);
            }

            throw new TransientFailureException("storage-contended",
                $"{blob.Name} was changed by others during each of {MaxTries} attempts.");
        }
        finally
        {
            _semaphore.Release();
        }
    }

    /// <summary>Returns the items of all lines, in order.</summary>
    /// <param name="length">The blob's present length; storage is asked for lines only if fewer are known.</param>
    /// <param name="isClosed">Whether the blob hardly grows any more, so that its summary is worth storing.</param>
    public async Task<IReadOnlyList<T>> ReadAsync(long length, bool isClosed, CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            await RestoreAsync(length, cancellationToken);
            if (_length < length)
            {
                await ReadRestAsync(cancellationToken);
            }

            if (_inOrder is null)
            {
                _inOrder = [.. _items];
                if (order is not null)
                {
                    Array.Sort(_inOrder, order);
                }
            }

            // A line that this version cannot read stays to be read by one that can.
            if (isClosed && summary is not null && _length > _summarized && _unreadable == 0)
            {
                await summary.WriteAsync(new LineSummary<T>(_length, _lines, _inOrder), cancellationToken);
                _summarized = _length;
            }

            return _inOrder;
        }
        finally
        {
            _semaphore.Release();
        }
    }

    public void Dispose() => _semaphore.Dispose();

    /// <summary>Loads the summary, so that the lines it covers need not be read: lines never change.</summary>
    private async Task RestoreAsync(long length, CancellationToken cancellationToken)
    {
        if (_isRestored || summary is null || _length > 0)
        {
            return;
        }

        _isRestored = true;
        if (await summary.ReadAsync(cancellationToken) is { } known && known.Length <= length)
        {
            (_length, _lines, _summarized) = (known.Length, known.Lines, known.Length);
            _items.AddRange(known.Items);
            _ids.UnionWith(idOf is null ? [] : known.Items.Select(idOf));
        }
    }

    private async Task<bool> TryAppendAsync(byte[] line, CancellationToken cancellationToken)
    {
        try
        {
            if (!_exists)
            {
                await blob.CreateAsync(
                    new AppendBlobCreateOptions { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } },
                    cancellationToken);
                _exists = true;
            }

            AppendBlobAppendBlockOptions where = new() { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = _length } };
            await blob.AppendBlockAsync(new MemoryStream(line, writable: false), where, cancellationToken);
            Take(line);
            return true;
        }
        catch (RequestFailedException failure) when (failure.Status == 412 || failure is { Status: 409, ErrorCode: "BlobAlreadyExists" }
            || failure is { Status: 404, ErrorCode: "BlobNotFound" })
        {
            return false;
        }
    }

    private async Task ReadRestAsync(CancellationToken cancellationToken)
    {
        try
        {
            Response<BlobDownloadResult> rest = await blob.DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(_length) },
                cancellationToken);
            _exists = true;
            Take(rest.Value.Content.ToMemory().Span);
        }
        catch (RequestFailedException nothingNew) when (nothingNew.Status == 416)
        {
            _exists = true;
        }
        catch (RequestFailedException missing) when (missing is { Status: 404, ErrorCode: "BlobNotFound" })
        {
            Forget();
        }
    }

    /// <summary>Parses complete lines; each append writes one, so there are no partial lines.</summary>
    private void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (Range line in bytes.Split((byte)'\n'))
        {
            if (bytes[line].IsEmpty)
            {
                continue;
            }

            _lines++;
            if (TryParse(bytes[line], out T? item) && (idOf is null || _ids.Add(idOf(item))))
            {
                _items.Add(item);
                _inOrder = null;
            }
        }

        _length += bytes.Length;
    }

    private bool TryParse(ReadOnlySpan<byte> line, [MaybeNullWhen(false)] out T item)
    {
        try
        {
            item = parse(line);
            return true;
        }
        catch (Exception failure)
            when (failure is JsonException or NotSupportedException or InvalidOperationException or ArgumentException or FormatException)
        {
            _unreadable++;
            Log.Unreadable(logger, blob.Name, _lines, _unreadable, failure.Message);
            item = default;
            return false;
        }
    }

    private void Forget()
    {
        (_lines, _unreadable) = (0, 0);
        _items.Clear();
        _ids.Clear();
        _inOrder = null;
        (_length, _summarized) = (0, 0);
        _exists = false;
    }

    private static partial class Log
    {
        [LoggerMessage(4121, LogLevel.Error, "{Blob}, line {Line} cannot be read and is left out ({Unreadable} such in this blob so " +
            "far): {Problem}")]
        public static partial void Unreadable(ILogger logger, string blob, int line, int unreadable, string problem);
    }
}

/// <summary>The items of the first lines of a blob.</summary>
/// <param name="Length">The length of those lines in bytes.</param>
/// <param name="Lines">Their number, unreadable ones included.</param>
internal sealed record LineSummary<T>(long Length, int Lines, IReadOnlyList<T> Items);

/// <summary>Stores a blob's items beside it in a form that is quicker to read.</summary>
internal interface ILineSummary<T>
{
    /// <summary>Reads it; null when there is none, or it cannot be read.</summary>
    Task<LineSummary<T>?> ReadAsync(CancellationToken cancellationToken);

    Task WriteAsync(LineSummary<T> summary, CancellationToken cancellationToken);
}
