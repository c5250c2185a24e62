using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>A plan with its problems; it may be used when there are none.</summary>
public sealed record PlanParseResult(RolloutPlan? Plan, IReadOnlyList<string> Problems)
{
    private static readonly Lazy<RolloutPlan> DefaultPlan = new(() =>
    {
        PlanParseResult file = Parse(DefaultText());
        return file is { Plan: { } plan, Problems.Count: 0 }
            ? plan
            : throw new InvalidOperationException($"The built-in rollout plan is not valid: {string.Join(" ", file.Problems)}");
    });

    // Settings of the guard before it counted runs; a plan that still has them is read without them.
    private static readonly string[] FormerGuardSettings =
        ["windowMinutes", "windowRuns", "windowHours", "minimumRuns", "minimumFailedIssues", "looks", "errorRateAbove",
            "criticalIssuesAbove"];

    /// <summary>The built-in plan.</summary>
    public static RolloutPlan Default => DefaultPlan.Value;

    /// <summary>The built-in plan's text, to start one's own from.</summary>
    public static string DefaultText()
    {
        using Stream stream = typeof(PlanParseResult).Assembly.GetManifestResourceStream("SiteMonitor.rollout-plan.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Parses and checks a plan, also one of an older version; each problem says where it is and what to do.</summary>
    public static PlanParseResult Parse(string text)
    {
        try
        {
            return Check(JsonSerializer.Deserialize<RolloutPlan>(text, PlanJson.Options));
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is { } line ? $"line {line + 1}, {e.Path ?? "$"}" : e.Path ?? "$";
            return ParseFormerPlan(text) ?? new PlanParseResult(null, [$"{where}: {e.Message.Split(" Path:")[0]}"]);
        }
    }

    private static PlanParseResult Check(RolloutPlan? plan) => plan is null
        ? new PlanParseResult(null, ["The plan is empty: start from `rollout plan show`."])
        : new PlanParseResult(plan, [.. PlanValidator.Validate(plan)]);

    private static PlanParseResult? ParseFormerPlan(string text)
    {
        try
        {
            JsonNode? plan = JsonNode.Parse(
                text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            Upgrade(plan);
            return Check(plan.Deserialize<RolloutPlan>(PlanJson.Options));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static void Upgrade(JsonNode? plan)
    {
        foreach (string former in FormerGuardSettings)
        {
            (plan?["guard"] as JsonObject)?.Remove(former);
        }

        foreach (JsonObject phase in (plan?["phases"] as JsonArray ?? []).OfType<JsonObject>())
        {
            phase.Remove("guardMinimumRuns");
            foreach (JsonObject criterion in (phase["gate"] as JsonArray ?? []).OfType<JsonObject>()
                .Where(c => (string?)c["measure"] == "p95OverDayBefore"))
            {
                criterion["measure"] = "p95OverRunsBefore";
            }
        }

        if (plan?["betaIssues"] is JsonArray titles)
        {
            plan["betaIssues"] = new JsonArray(
                [.. titles.Select(t => t is JsonValue title ? new JsonObject { ["title"] = title.GetValue<string>() } : t?.DeepClone())]);
        }
    }
}

/// <summary>Reads and writes the plan; an unknown property is an error, since it is most likely misspelt.</summary>
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
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };
}
