using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>Reads and writes the plan; a property nobody knows is an error, since it is most likely a misspelt one.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(PlanEnumConverter<LegacyCommandMode>), typeof(PlanEnumConverter<Measure>), typeof(PlanEnumConverter<Bound>), typeof(PlanEnumConverter<WorkflowMode>)])]
[JsonSerializable(typeof(RolloutPlan))]
public sealed partial class PlanJson : JsonSerializerContext
{
    /// <summary>The JSON schema to publish beside the plan, made from the types themselves.</summary>
    public static string Schema()
    {
        JsonNode schema = Default.RolloutPlan.Options.GetJsonSchemaAsNode(typeof(RolloutPlan), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        var published = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "SiteMonitor rollout plan" };
        foreach (KeyValuePair<string, JsonNode?> property in schema.AsObject())
        {
            published[property.Key] = property.Value?.DeepClone();
        }

        return published.ToJsonString(new JsonSerializerOptions { WriteIndented = true }).ReplaceLineEndings("\n") + "\n";
    }
}
