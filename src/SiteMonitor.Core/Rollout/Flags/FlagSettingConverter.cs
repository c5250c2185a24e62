using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Legacy;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>Reads from a flag what the rollout sets, and writes it back into the flag's JSON without touching the rest.</summary>
public static class FlagSettingConverter
{
    /// <summary>The variants of <see cref="FlagNames.LegacyCommands"/>.</summary>
    internal static readonly string[] Modes = [.. Enum.GetValues<LegacyCommandMode>().Select(WireName.Of)];

    /// <summary>Returns the flag's current setting. A missing or invalid flag is off, and the setting says which.</summary>
    public static FlagSetting Read(FlagSnapshot flags, string name) => flags.Find(name) switch
    {
        null => FlagSetting.Missing,
        { Problem: { } problem } => FlagSetting.Broken(problem),
        { Flag: { Enabled: true } flag } => Read(flag),
        _ => FlagSetting.Off,
    };

    /// <summary>The flag's JSON with the wanted setting in it.</summary>
    /// <param name="existing">The flag as it stands; null for one to create.</param>
    public static string Apply(string name, string? existing, FlagSetting wanted)
    {
        JsonObject flag = Parse(existing) ?? new JsonObject { ["id"] = name, ["description"] = FlagNames.Describe(name) };
        flag["id"] ??= name;
        flag["enabled"] = wanted.Enabled;
        if (wanted.Enabled && name == FlagNames.UnifiedPipeline)
        {
            SetAudience(flag, wanted);
        }
        else if (wanted.Enabled)
        {
            KeepAllowedFilters(flag, FlagNames.GetAllowedFilters(name));
        }

        if (name != FlagNames.LegacyCommands)
        {
            // Only LegacyCommands has variants; in other flags some of these settings would keep the flag off.
            flag.Remove("variants");
            flag.Remove("allocation");
        }
        else
        {
            flag["variants"] = new JsonArray([.. Modes.Select(m => new JsonObject { ["name"] = m, ["configuration_value"] = m })]);
            flag["allocation"] = new JsonObject { ["default_when_enabled"] = wanted.Variant ?? Modes[0],
                ["default_when_disabled"] = Modes[0] };
        }

        return flag.ToJsonString();
    }

    private static FlagSetting Read(FeatureFlag flag) => flag.Name switch
    {
        FlagNames.UnifiedPipeline => FlagSetting.On with
        {
            Percentage = Percentage(flag),
            Labels = Labels(flag),
            Mismatch = flag is { RequiresAllFilters: true, Filters.Count: > 1 } ? "all filters required" : string.Empty,
        },
        FlagNames.LegacyCommands => FlagSetting.On with { Variant = flag.VariantWhenEnabled ?? "(no variant)" },
        _ => FlagSetting.On,
    };

    private static JsonObject? Parse(string? json)
    {
        try
        {
            return json is null ? null : FlagSchema.Read(json, dropUnknown: true);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static IEnumerable<JsonObject> Filters(JsonObject flag, IReadOnlyList<string> names) =>
        ((flag["conditions"] as JsonObject)?["client_filters"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(f => FlagSchema.GetText(f["name"]) is { } name && names.Contains(FlagNames.NormalizeFilter(name)));

    private static void KeepAllowedFilters(JsonObject flag, IReadOnlyList<string> allowed)
    {
        JsonNode[] kept = [.. Filters(flag, allowed).Select(f => f.DeepClone())];
        if (kept.Length == 0)
        {
            flag["conditions"] = new JsonObject();
        }

        flag["conditions"]!["client_filters"] = new JsonArray(kept);
    }

    private static void SetAudience(JsonObject flag, FlagSetting wanted)
    {
        JsonObject? targeting = Filters(flag, [FlagNames.TargetingFilter]).FirstOrDefault();
        JsonObject audience = targeting?["parameters"] is JsonObject parameters
            && parameters["Audience"]?.DeepClone() is JsonObject existing ? existing : [];
        audience["Users"] ??= new JsonArray();
        audience["Groups"] ??= new JsonArray();
        audience["DefaultRolloutPercentage"] = wanted.Percentage ?? 0;
        var labels = new JsonArray([.. (wanted.Labels ?? []).Select(l => JsonValue.Create(l))]);
        flag["conditions"] = new JsonObject
        {
            ["requirement_type"] = "Any",
            ["client_filters"] = new JsonArray(
                new JsonObject { ["name"] = FlagNames.IssueLabelFilter, ["parameters"] = new JsonObject { ["Labels"] = labels } },
                new JsonObject { ["name"] = FlagNames.TargetingFilter, ["parameters"] = new JsonObject { ["Audience"] = audience } }),
        };
    }

    // Without a filter an enabled flag takes everything.
    private static double Percentage(FeatureFlag flag) => flag.Filters.Count == 0
        ? 100
        : (flag.Filter(FlagNames.TargetingFilter)?.Parameters["Audience"] as JsonObject)?["DefaultRolloutPercentage"]?.GetValue<double>()
            ?? 0;

    private static string[] Labels(FeatureFlag flag) =>
        flag.Filter(FlagNames.IssueLabelFilter)?.Parameters["Labels"] is JsonArray labels
            ? [.. labels.Select(l => l!.GetValue<string>()).Order(StringComparer.Ordinal)]
            : [];
}
