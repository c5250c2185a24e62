using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>The application's flags as read at one time. A run decides from one snapshot only.</summary>
public sealed record FlagSnapshot
{
    private readonly IReadOnlyList<string> _unnamed;

    /// <param name="unnamed">Problems of store entries that have no flag name.</param>
    public FlagSnapshot(IEnumerable<StoredFlag> flags, DateTimeOffset readAt, IReadOnlyList<string>? unnamed = null)
    {
        _unnamed = unnamed ?? [];
        Flags =
        [
            .. flags.Where(f => FlagNames.All.Contains(f.Name))
                .GroupBy(f => f.Name, StringComparer.Ordinal)
                .Select(g => g.Count() == 1 ? g.First() : g.First().Reject($"is there {g.Count()} times"))
                .OrderBy(f => f.Name, StringComparer.Ordinal),
        ];
        ReadAt = readAt;
        Revision = Flags.Count == 0 ? "none" : RevisionOf(Flags);
    }

    /// <summary>No flags were ever read: every flag is off.</summary>
    public static FlagSnapshot None { get; } = new([], DateTimeOffset.MinValue);

    public IReadOnlyList<StoredFlag> Flags { get; }

    /// <summary>When the store last confirmed these flags (UTC).</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>12 hexadecimal digits computed from the flags, the same in every store.</summary>
    public string Revision { get; }

    public IEnumerable<string> Problems =>
        Flags.Where(f => f.Problem is not null).Select(f => $"{f.Name}: {f.Problem}").Concat(_unnamed);

    /// <summary>Missing flags; each counts as off.</summary>
    public IEnumerable<string> Missing => FlagNames.All.Where(n => Find(n) is null);

    public StoredFlag? Find(string name) => Flags.FirstOrDefault(f => f.Name == name);

    /// <summary>Returns the flag's current setting. A missing or invalid flag is off, and the setting says which.</summary>
    public FlagSetting GetSetting(string name) => Find(name)?.Setting ?? FlagSetting.Missing;

    private static string RevisionOf(IEnumerable<StoredFlag> flags)
    {
        var text = new StringBuilder();
        foreach (StoredFlag flag in flags)
        {
            // The problem is part of the revision: a second flag of the same name, for example, changes decisions but not the JSON.
            text.Append(flag.Name).Append('\n').Append(CanonicalJson.Write(flag.Json)).Append(flag.Problem).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..12];
    }
}

/// <summary>Normalizes JSON, because a store's client may write properties in another order than a file.</summary>
internal static class CanonicalJson
{
    public static string Write(string json)
    {
        try
        {
            return Sorted(JsonNode.Parse(json))?.ToJsonString() ?? "null";
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // Invalid JSON, a duplicate property or an unpaired surrogate: the flag is off, and its raw text identifies it.
            return json;
        }
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject item =>
            new JsonObject(item.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
