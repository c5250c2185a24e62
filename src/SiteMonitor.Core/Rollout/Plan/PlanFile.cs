using System.Text.Json;

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
