using System.Text.Json;
using System.Text.Json.Serialization;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Reads and writes the last known flags as JSON.</summary>
internal static class LastKnownFlagsJson
{
    public static string Write(FlagSnapshot snapshot) => JsonSerializer.Serialize(
        new LastKnownFlags(
            snapshot.ReadAt,
            [.. snapshot.Flags.Select(f => new LastKnownFlag(f.Name, f.ETag, f.Json, f.Problem))]),
        LastKnownFlagsContext.Default.LastKnownFlags);

    /// <returns>Null if the text does not hold flags.</returns>
    /// <exception cref="JsonException">The text is not what <see cref="Write"/> writes.</exception>
    public static async Task<FlagSnapshot?> ReadAsync(string text)
    {
        if (JsonSerializer.Deserialize(text, LastKnownFlagsContext.Default.LastKnownFlags) is not { } file)
        {
            return null;
        }

        List<StoredFlag> flags = [];
        foreach (LastKnownFlag kept in file.Flags.OfType<LastKnownFlag>())
        {
            StoredFlag flag = await FlagReader.ReadAsync(kept.Name, kept.Json, kept.ETag);

            // The JSON does not show every problem: of two flags with the same name, only one is stored.
            flags.Add(flag.Problem is null && kept.Problem is { } problem ? flag.Reject(problem) : flag);
        }

        return new FlagSnapshot(flags, file.ReadAt);
    }
}

internal sealed record LastKnownFlags(DateTimeOffset ReadAt, IReadOnlyList<LastKnownFlag?> Flags);

/// <param name="Problem">Why the flag counts as off; null when it is fine.</param>
internal sealed record LastKnownFlag(string Name, [property: JsonPropertyName("etag")] string ETag, string Json, string? Problem = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LastKnownFlags))]
internal sealed partial class LastKnownFlagsContext : JsonSerializerContext;
