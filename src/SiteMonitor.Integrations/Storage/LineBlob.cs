using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using SiteMonitor.Core.Failures;

namespace SiteMonitor.Integrations.Storage;

/// <summary>
/// An append blob of lines, each with an id that occurs once. A line is appended only at the length up to which the blob was read (<c>If-Append-Position-Equal</c>):
/// when somebody else was first, what they wrote is read before the next try. Lines are never changed, so what was read once is kept, and only the rest is asked for.
/// </summary>
internal sealed class LineBlob<T>(AppendBlobClient blob, Func<string, T> parse, Func<T, string> idOf) : IDisposable
{
    private const int MaxTries = 30;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<T> _items = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private long _length;
    private bool _exists;

    /// <summary>Appends the line unless its id is there.</summary>
    /// <returns>Whether it was written by this call.</returns>
    public async Task<bool> AppendAsync(string id, string line, CancellationToken cancellationToken)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        await _turn.WaitAsync(cancellationToken);
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

            throw new TransientFailureException("storage-contended", $"Others wrote to {blob.Name} at each of {MaxTries} tries.");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Everything in the blob now.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await ReadRestAsync(cancellationToken);
            return [.. _items];
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<bool> TryAppendAsync(byte[] line, CancellationToken cancellationToken)
    {
        try
        {
            if (!_exists)
            {
                await blob.CreateAsync(new AppendBlobCreateOptions { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } }, cancellationToken);
                _exists = true;
            }

            AppendBlobAppendBlockOptions where = new() { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = _length } };
            await blob.AppendBlockAsync(new MemoryStream(line, writable: false), where, cancellationToken);
            Take(line);
            return true;
        }
        catch (RequestFailedException failure) when (failure.Status == 412 || failure is { Status: 409, ErrorCode: "BlobAlreadyExists" } || failure is { Status: 404, ErrorCode: "BlobNotFound" })
        {
            return false;
        }
    }

    private async Task ReadRestAsync(CancellationToken cancellationToken)
    {
        try
        {
            Response<BlobDownloadResult> rest = await blob.DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(_length) }, cancellationToken);
            _exists = true;
            Take(rest.Value.Content.ToArray());
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

    /// <summary>Takes whole lines; each append is one, so there is never a part of one.</summary>
    private void Take(byte[] bytes)
    {
        foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            T item = parse(line);
            if (_ids.Add(idOf(item)))
            {
                _items.Add(item);
            }
        }

        _length += bytes.Length;
    }

    private void Forget()
    {
        _items.Clear();
        _ids.Clear();
        _length = 0;
        _exists = false;
    }
}
