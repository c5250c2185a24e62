using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Issues;

/// <summary>
/// Knows repositories by their node ids, so that an issue's key, instance and history stay the same when its repository is renamed.
/// The key's name is the one that the repository was first seen by.
/// </summary>
public sealed class RepositoryNames(IRepositoryNameStore store, TimeProvider time)
{
    /// <summary>How long names that other instances recorded may stay unknown here; a run's first read looks again in any case.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    /// <summary>How much of a name a key with a number has: it may not exceed the 100 characters of a name.</summary>
    private const int MaxKeyedLength = 90;

    private IReadOnlyList<KnownRepository> _known = [];
    private DateTimeOffset? _readAt;

    /// <summary>Whether the stored names are damaged, so that renames go unnoticed.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Returns the key of the repository that has, or last had, this name; the name itself when no other is known.</summary>
    public RepositoryRef FindKey(RepositoryRef name)
    {
        string canonical = name.Canonical;

        // Several repositories may have had this name, one after another: the one that was seen last counts.
        KnownRepository? found =
            _known.LastOrDefault(r => r.Names[^1] == canonical) ?? _known.LastOrDefault(r => r.Names.Contains(canonical));
        return found is null || found.Key == canonical ? name : RepositoryRef.Parse(found.Key);
    }

    /// <summary>Returns the key of a repository; null when its node id is unknown.</summary>
    public RepositoryRef? FindKey(string nodeId) =>
        _known.FirstOrDefault(r => r.NodeId == nodeId) is { } found ? RepositoryRef.Parse(found.Key) : null;

    /// <summary>Returns whether a repository was ever seen by this name.</summary>
    public bool IsKnown(RepositoryRef name) => _known.Any(r => r.Key == name.Canonical || r.Names.Contains(name.Canonical));

    /// <summary>Returns the name by which GitHub was last seen to know the repository of a key.</summary>
    public RepositoryRef FindCurrentName(RepositoryRef key) =>
        _known.FirstOrDefault(r => r.Key == key.Canonical) is { Names: [.., var current] } && current != key.Canonical
            ? RepositoryRef.Parse(current)
            : key;

    /// <summary>Returns whether a repository had this name before a rename, so that another one may have it now.</summary>
    public bool IsFormerName(RepositoryRef name) =>
        _known.Any(r => r.Names.Contains(name.Canonical)) && FindCurrentName(FindKey(name)) != name;

    /// <summary>Returns the key for a name that a caller gave, by the names that are stored now.</summary>
    public async Task<RepositoryRef> FindKeyAsync(RepositoryRef name, CancellationToken cancellationToken)
    {
        if (_readAt is not { } readAt || (time.GetUtcNow() - readAt).Duration() > MaxAge)
        {
            Take((await TryReadAsync(cancellationToken)).Stored?.Repositories ?? _known);
        }

        return FindKey(name);
    }

    public async Task<IReadOnlyList<RepositoryRef>> FindKeysAsync(IEnumerable<RepositoryRef> names, CancellationToken cancellationToken)
    {
        List<RepositoryRef> keys = [];
        foreach (RepositoryRef name in names)
        {
            keys.Add(await FindKeyAsync(name, cancellationToken));
        }

        return [.. keys.Distinct()];
    }

    /// <summary>Records that GitHub showed a repository, and returns its key.</summary>
    /// <param name="nodeId">GitHub's GraphQL node id.</param>
    /// <param name="shown">Its present name.</param>
    /// <param name="requested">The name it was asked for by; its key if it was never seen before.</param>
    public async Task<RepositoryRef> RecordAsync(
        string nodeId, RepositoryRef shown, RepositoryRef requested, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_known.FirstOrDefault(r => r.NodeId == nodeId) is { } known && known.Names[^1] == shown.Canonical)
            {
                return known.Key == requested.Canonical ? requested : RepositoryRef.Parse(known.Key);
            }

            (bool isReadable, StoredRepositories? stored) = await TryReadAsync(cancellationToken);
            if (!isReadable)
            {
                // The damaged document is not overwritten, because someone may be able to repair it.
                return FindKey(nodeId) ?? FindKey(requested);
            }

            IReadOnlyList<KnownRepository> before = stored?.Repositories ?? [];
            KnownRepository? seen = before.FirstOrDefault(r => r.NodeId == nodeId);
            if (seen is not null && seen.Names[^1] == shown.Canonical)
            {
                Take(before);
                continue;
            }

            IReadOnlyList<KnownRepository> after = [.. before.Where(r => r != seen), With(before, seen, nodeId, shown, requested)];
            if (await store.SaveAsync(after, stored?.Version, cancellationToken))
            {
                Take(after);
            }
        }
    }

    private static KnownRepository With(
        IReadOnlyList<KnownRepository> known, KnownRepository? seen, string nodeId, RepositoryRef shown, RepositoryRef requested) =>
        seen is null
            ? new KnownRepository(nodeId, FindFreeKey(known, requested), [.. new[] { requested.Canonical, shown.Canonical }.Distinct()])
            : seen with { Names = [.. seen.Names.Where(name => name != shown.Canonical), shown.Canonical] };

    /// <summary>
    /// A new repository may have the name that another one was first seen by. Its key is then no name that GitHub allows, so that no
    /// repository can take it.
    /// </summary>
    private static string FindFreeKey(IReadOnlyList<KnownRepository> known, RepositoryRef name)
    {
        string key = name.Canonical;
        for (int i = 2; known.Any(r => r.Key == key); i++)
        {
            string shortened = name.Name[..Math.Min(name.Name.Length, MaxKeyedLength)];
            key = FormattableString.Invariant($"{name.Owner}/{shortened}-{i}.git").ToLowerInvariant();
        }

        return key;
    }

    /// <summary>Reads the stored names; notes whether they are damaged.</summary>
    private async Task<(bool IsReadable, StoredRepositories? Stored)> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            StoredRepositories? stored = await store.ReadAsync(cancellationToken);
            IsDamaged = false;
            return (true, stored);
        }
        catch (JsonException)
        {
            IsDamaged = true;
            return (false, null);
        }
    }

    private void Take(IReadOnlyList<KnownRepository> known) => (_known, _readAt) = (known, time.GetUtcNow());
}

/// <summary>A repository that was seen; its names are in lower case.</summary>
/// <param name="NodeId">GitHub's GraphQL node id, which a rename does not change.</param>
/// <param name="Key">The name that its issues' keys have for good.</param>
/// <param name="Names">The names it was seen by, the present one last.</param>
public sealed record KnownRepository(string NodeId, string Key, IReadOnlyList<string> Names);

/// <summary>Stores which repositories were seen by which names.</summary>
public interface IRepositoryNameStore
{
    /// <summary>Null before the first save.</summary>
    /// <exception cref="JsonException">The stored document is not one that <see cref="RepositoryNamesJson"/> wrote.</exception>
    Task<StoredRepositories?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Saves if nobody saved since that version was read.</summary>
    /// <param name="version">Null for the first save.</param>
    /// <returns>False when somebody else was first, and nothing was saved.</returns>
    Task<bool> SaveAsync(IReadOnlyList<KnownRepository> repositories, string? version, CancellationToken cancellationToken);
}

/// <summary>The repositories as their store has them.</summary>
/// <param name="Version">Changes with every save; a save names the one it has read.</param>
public sealed record StoredRepositories(IReadOnlyList<KnownRepository> Repositories, string Version);

/// <summary>Writes and reads the stored form of the repositories.</summary>
public static class RepositoryNamesJson
{
    public static string Write(IReadOnlyList<KnownRepository> repositories) =>
        JsonSerializer.Serialize(repositories, RepositoryNamesJsonContext.Default.IReadOnlyListKnownRepository);

    /// <exception cref="JsonException">The text is not what <see cref="Write"/> returns.</exception>
    public static IReadOnlyList<KnownRepository> Read(string json)
    {
        IReadOnlyList<KnownRepository?>? read =
            JsonSerializer.Deserialize(json, RepositoryNamesJsonContext.Default.IReadOnlyListKnownRepository);
        return read is not null && read.All(IsValid)
            ? [.. read.OfType<KnownRepository>()]
            : throw new JsonException("A repository has no node id, or a key or name that is not owner/name.");
    }

    private static bool IsValid(KnownRepository? repository) =>
        repository is { NodeId.Length: > 0, Names.Count: > 0 }
        && repository.Names.Append(repository.Key).All(name => RepositoryRef.TryParse(name, out _));
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<KnownRepository>))]
internal sealed partial class RepositoryNamesJsonContext : JsonSerializerContext;
