using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Ledger;

/// <summary>How ledger records are written: one compact JSON object each, camel case, enumerations by name.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunRecord))]
public sealed partial class LedgerJson : JsonSerializerContext
{
    public static string Write(RunRecord record) => JsonSerializer.Serialize(record, Default.RunRecord);

    public static RunRecord Read(string json) =>
        JsonSerializer.Deserialize(json, Default.RunRecord) ?? throw new JsonException("A ledger record is null.");
}
