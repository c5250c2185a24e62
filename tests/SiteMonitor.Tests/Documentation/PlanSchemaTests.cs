using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Tests.Documentation;

public sealed class PlanSchemaTests
{
    [Fact]
    public void The_Published_Schema_Of_The_Plan_Is_The_Types_Schema() => CommittedFile.ShouldBe(WriteSchema(), "docs", "rollout-plan.schema.json");

    private static string WriteSchema()
    {
        JsonSerializerOptions options = PlanJson.Options;
        JsonNode schema = options.GetJsonSchemaAsNode(typeof(RolloutPlan), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        var published = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "SiteMonitor rollout plan",
        };
        foreach (KeyValuePair<string, JsonNode?> property in schema.AsObject())
        {
            published[property.Key] = property.Value?.DeepClone();
        }

        return published.ToJsonString(options).ReplaceLineEndings("\n") + "\n";
    }
}
