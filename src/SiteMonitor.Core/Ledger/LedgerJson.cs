using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SiteMonitor.Core.Ledger;

/// <summary>How ledger records are written: one compact JSON object each, camel case, enumerations by name.</summary>
public static class LedgerJson
{
    // By reflection: source-generated readers of init-only properties forget the defaults of what an older record leaves out.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Write(RunRecord record) => JsonSerializer.Serialize(record, Options);

    public static RunRecord Read(string json) =>
        JsonSerializer.Deserialize<RunRecord>(json, Options) ?? throw new JsonException("A ledger record is null.");
}
