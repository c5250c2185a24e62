using System.Text.Json;
using System.Text.Json.Serialization;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Ledger;

/// <summary>Writes and reads ledger records: one compact JSON object each, camel case, enumerations by name.</summary>
public static class LedgerJson
{
    public static string Write(RunRecord record) => JsonSerializer.Serialize(record, LedgerJsonContext.Default.RunRecord);

    public static RunRecord Read(string json) =>
        JsonSerializer.Deserialize(json, LedgerJsonContext.Default.RunRecord) ?? throw new JsonException("A ledger record is null.");

    /// <param name="json">A record in UTF-8.</param>
    public static RunRecord Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, LedgerJsonContext.Default.RunRecord) ?? throw new JsonException("A ledger record is null.");
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(CamelCaseEnumConverter<RunKind>),
        typeof(CamelCaseEnumConverter<RunOutcome>),
        typeof(CamelCaseEnumConverter<Stage>),
        typeof(CamelCaseEnumConverter<Logic>),
    ])]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;

/// <summary>Writes an enumeration by name in camel case; reads it in any case.</summary>
internal sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
