using System.Collections.Immutable;
using System.Text.Json;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>An instance's tags as they are stored.</summary>
internal static class Tags
{
    public static string Write(IEnumerable<KeyValuePair<string, string>> tags) => JsonSerializer.Serialize(tags.ToDictionary());

    public static IReadOnlyDictionary<string, string> Read(string? stored) =>
        stored is null ? ImmutableDictionary<string, string>.Empty : JsonSerializer.Deserialize<Dictionary<string, string>>(stored)!;
}
