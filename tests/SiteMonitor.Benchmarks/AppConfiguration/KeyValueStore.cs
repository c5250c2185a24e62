using System.Buffers.Text;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;

namespace SiteMonitor.Benchmarks.AppConfiguration;

/// <summary>
/// Key-values in memory, with the rules of Azure App Configuration. Each write has a sequence number. A lagging replica answers readers
/// whose <c>Sync-Token</c> does not show that they know a later write.
/// </summary>
internal sealed class KeyValueStore(TimeProvider time)
{
    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<(string Key, string? Label), KeyValue> _current =
        ImmutableSortedDictionary.Create<(string Key, string? Label), KeyValue>(KeyValueOrder.Instance);

    private (ImmutableSortedDictionary<(string Key, string? Label), KeyValue> State, long Sequence)? _replica;

    /// <summary>Number of writes so far.</summary>
    public long Sequence { get; private set; }

    /// <summary>Makes readers see the current state from now on, except those with a newer <c>Sync-Token</c>.</summary>
    public void HoldReplicaBack()
    {
        lock (_lock)
        {
            _replica = (_current, Sequence);
        }
    }

    public void LetReplicaCatchUp()
    {
        lock (_lock)
        {
            _replica = null;
        }
    }

    /// <param name="knownSequence">From the reader's <c>Sync-Token</c>; null if it sent none.</param>
    public ImmutableSortedDictionary<(string Key, string? Label), KeyValue> Read(long? knownSequence)
    {
        lock (_lock)
        {
            return _replica is { } replica && !(knownSequence > replica.Sequence) ? replica.State : _current;
        }
    }

    /// <summary>Returns 200 and the stored key-value, 409 if it is locked, 412 if a condition does not hold.</summary>
    public KeyValueResult Put(string key, string? label, KeyValueContent content, Preconditions conditions) =>
        Change(key, label, conditions, found => found switch
        {
            { Locked: true } => new KeyValueResult(HttpStatusCode.Conflict, found),
            not null when found.HasContent(content) => new KeyValueResult(HttpStatusCode.OK, found),
            _ => new KeyValueResult(
                HttpStatusCode.OK, new KeyValue(
                    key, label, content.Value, content.ContentType, content.Tags, NewETag(), time.GetUtcNow(), false)),
        });

    /// <summary>
    /// Returns 200 and the deleted key-value, 204 if there was none, 409 if it is locked, 412 if a condition does not hold.
    /// </summary>
    public KeyValueResult Delete(string key, string? label, Preconditions conditions) =>
        Change(key, label, conditions, found => found switch
        {
            null => new KeyValueResult(HttpStatusCode.NoContent, null),
            { Locked: true } => new KeyValueResult(HttpStatusCode.Conflict, found),
            _ => new KeyValueResult(HttpStatusCode.OK, found, Removed: true),
        });

    /// <summary>Returns 200 and the stored key-value, 404 if there is none, 412 if a condition does not hold.</summary>
    public KeyValueResult Lock(string key, string? label, bool locked, Preconditions conditions) =>
        Change(key, label, conditions, found => found switch
        {
            null => new KeyValueResult(HttpStatusCode.NotFound, null),
            _ when found.Locked == locked => new KeyValueResult(HttpStatusCode.OK, found),
            _ => new KeyValueResult(HttpStatusCode.OK, found with { Locked = locked, ETag = NewETag(), LastModified = time.GetUtcNow() }),
        });

    private static string NewETag() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private KeyValueResult Change(string key, string? label, Preconditions conditions, Func<KeyValue?, KeyValueResult> change)
    {
        lock (_lock)
        {
            KeyValue? found = _current.GetValueOrDefault((key, label));
            if (!conditions.HoldFor(found?.ETag))
            {
                return new KeyValueResult(HttpStatusCode.PreconditionFailed, found);
            }

            KeyValueResult result = change(found);
            if (result is { Status: HttpStatusCode.OK, KeyValue: { } changed } && (result.Removed || changed != found))
            {
                _current = result.Removed ? _current.Remove((key, label)) : _current.SetItem((key, label), changed);
                Sequence++;
            }

            return result;
        }
    }
}

/// <summary>An entry of the store.</summary>
/// <param name="Label">Null for none.</param>
/// <param name="ETag">Without quotes; changes with each write.</param>
internal sealed record KeyValue(
    string Key,
    string? Label,
    string? Value,
    string? ContentType,
    ImmutableSortedDictionary<string, string> Tags,
    string ETag,
    DateTimeOffset LastModified,
    bool Locked)
{
    /// <summary>Returns whether the content is the same, so that a write changes nothing.</summary>
    public bool HasContent(KeyValueContent content) =>
        (Value, ContentType) == (content.Value, content.ContentType) && Tags.SequenceEqual(content.Tags);
}

/// <summary>The content of a write.</summary>
internal sealed record KeyValueContent(string? Value, string? ContentType, ImmutableSortedDictionary<string, string> Tags)
{
    public KeyValueContent(string? value, string? contentType = null)
        : this(value, contentType, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal))
    {
    }
}

/// <summary>Orders by key, then by label, with no label first: the order of lists.</summary>
internal sealed class KeyValueOrder : IComparer<(string Key, string? Label)>
{
    public static KeyValueOrder Instance { get; } = new();

    public int Compare((string Key, string? Label) x, (string Key, string? Label) y) =>
        string.CompareOrdinal(x.Key, y.Key) is var byKey and not 0 ? byKey : string.CompareOrdinal(x.Label, y.Label);
}

/// <summary>The result of a write.</summary>
internal sealed record KeyValueResult(HttpStatusCode Status, KeyValue? KeyValue, bool Removed = false);
