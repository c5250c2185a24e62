using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>Reads and writes the plan; a property nobody knows is an error, since it is most likely a misspelt one.</summary>
public static class PlanJson
{
    // By reflection: source-generated readers of init-only properties forget the defaults of what a file leaves out.
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The JSON schema to publish beside the plan, made from the types themselves.</summary>
    public static string Schema()
    {
        JsonNode schema = Options.GetJsonSchemaAsNode(typeof(RolloutPlan), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        var published = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "SiteMonitor rollout plan" };
        foreach (KeyValuePair<string, JsonNode?> property in schema.AsObject())
        {
            published[property.Key] = property.Value?.DeepClone();
        }

        return published.ToJsonString(Options).ReplaceLineEndings("\n") + "\n";
    }
}
