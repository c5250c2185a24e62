using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>A plan with what is wrong with it; it may be used when nothing is.</summary>
public sealed record PlanFile(RolloutPlan? Plan, IReadOnlyList<string> Problems)
{
    private static readonly Lazy<RolloutPlan> DefaultPlan = new(() =>
    {
        PlanFile file = Parse(DefaultText());
        return file is { Plan: { } plan, Problems.Count: 0 } ? plan : throw new InvalidOperationException($"The built-in rollout plan is not valid: {string.Join(" ", file.Problems)}");
    });

    /// <summary>The built-in plan: PRODUCT 4's table.</summary>
    public static RolloutPlan Default => DefaultPlan.Value;

    /// <summary>The built-in plan's text, to start one's own from.</summary>
    public static string DefaultText()
    {
        using Stream stream = typeof(PlanFile).Assembly.GetManifestResourceStream("SiteMonitor.rollout-plan.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Parses and checks; each problem says where and what to do.</summary>
    public static PlanFile Parse(string text)
    {
        try
        {
            RolloutPlan? plan = JsonSerializer.Deserialize<RolloutPlan>(text, PlanJson.Options);
            return plan is null ? new PlanFile(null, ["The plan is empty: start from `rollout plan show`."]) : new PlanFile(plan, [.. PlanValidator.Validate(plan)]);
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is { } line ? $"line {line + 1}, {e.Path ?? "$"}" : e.Path ?? "$";
            return new PlanFile(null, [$"{where}: {e.Message.Split(" Path:")[0]}"]);
        }
    }
}

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
