using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>Stores one small record a credential for all processes that use it. A record is changed only against the version read.</summary>
public interface IPacingStateStore
{
    /// <summary>Reads the record and the store's time; an empty record before the first save.</summary>
    /// <param name="credential">A name of the credential, without secrets; letters, digits and hyphens.</param>
    Task<VersionedPacingState> ReadAsync(string credential, CancellationToken cancellationToken);

    /// <summary>Saves the record if nobody saved one since that version was read.</summary>
    /// <param name="version">Null for the first save.</param>
    /// <returns>The new version; null when another process was first.</returns>
    Task<string?> TrySaveAsync(string credential, PacingState state, string? version, CancellationToken cancellationToken);
}

/// <summary>A record as it was read.</summary>
/// <param name="Version">Null if there is none yet.</param>
/// <param name="Now">The store's clock when it answered; may be truncated to whole seconds.</param>
public sealed record VersionedPacingState(PacingState State, string? Version, DateTimeOffset Now);

/// <summary>What the processes that use a credential have agreed on. Times are Unix milliseconds of the store's clock.</summary>
public sealed record PacingState
{
    /// <summary>A process that was not seen for so long no longer counts.</summary>
    private static readonly TimeSpan ProcessLifetime = TimeSpan.FromMinutes(2);

    public static PacingState Empty { get; } = new();

    /// <summary>The start of each slot that was given out and still counts, ascending.</summary>
    public IReadOnlyList<long> Slots { get; init; } = [];

    /// <summary>Until when GitHub accepts nothing, by API; the empty name is all of them.</summary>
    public IReadOnlyDictionary<string, long> HeldUntil { get; init; } = new Dictionary<string, long>();

    /// <summary>When each process was last seen, by its id.</summary>
    public IReadOnlyDictionary<string, long> Processes { get; init; } = new Dictionary<string, long>();

    /// <summary>Whether the record shows the process as active for a while yet.</summary>
    public bool HasRecently(string process, long now) =>
        Math.Abs(now - Processes.GetValueOrDefault(process)) <= ProcessLifetime.TotalMilliseconds / 2;

    /// <summary>Adds that a process is active; removes those that no longer are.</summary>
    public PacingState With(string process, long now) => this with
    {
        // One that was seen in the future saved its time before the store's clock was set back.
        Processes = new Dictionary<string, long>(Processes.Where(p => Math.Abs(now - p.Value) < ProcessLifetime.TotalMilliseconds))
        {
            [process] = now,
        },
    };

    public string ToJson() => JsonSerializer.Serialize(this, PacingStateJson.Default.PacingState);

    /// <summary>Reads a record. A damaged one is as good as none: the next save replaces it.</summary>
    public static PacingState Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PacingStateJson.Default.PacingState) ?? Empty;
        }
        catch (JsonException)
        {
            return Empty;
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PacingState))]
internal sealed partial class PacingStateJson : JsonSerializerContext;

/// <summary>Keeps the records in memory, for a process that shares its credentials with no other.</summary>
internal sealed class InMemoryPacingStateStore(TimeProvider time) : IPacingStateStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (PacingState State, int Version)> _records = new(StringComparer.Ordinal);

    public Task<VersionedPacingState> ReadAsync(string credential, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_records.TryGetValue(credential, out (PacingState State, int Version) found)
                ? new VersionedPacingState(found.State, $"{found.Version}", time.GetUtcNow())
                : new VersionedPacingState(PacingState.Empty, null, time.GetUtcNow()));
        }
    }

    public Task<string?> TrySaveAsync(string credential, PacingState state, string? version, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            int current = _records.TryGetValue(credential, out (PacingState State, int Version) found) ? found.Version : 0;
            if (version != (current == 0 ? null : $"{current}"))
            {
                return Task.FromResult<string?>(null);
            }

            _records[credential] = (state, current + 1);
            return Task.FromResult<string?>($"{current + 1}");
        }
    }
}
