using System.Text.Json.Nodes;
using SiteMonitor.Core.Legacy;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>Writes a setting into a flag's JSON: keeps what is the team's, removes filters and variants the flag must not have.</summary>
public static class FlagSettingWriter
{
    /// <summary>The variants of <see cref="FlagNames.LegacyCommands"/>.</summary>
    public static IReadOnlyList<string> LegacyCommandVariants { get; } = [.. Enum.GetValues<LegacyCommandMode>().Select(WireName.Of)];

    /// <summary>The flag's JSON with the wanted setting in it.</summary>
    /// <param name="existing">The flag as it stands; null for one to create.</param>
    public static string Apply(string name, JsonObject? existing, FlagSetting wanted)
    {
        JsonObject flag = existing?.DeepClone().AsObject() ?? new JsonObject { ["id"] = name, ["description"] = FlagNames.Describe(name) };
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
            flag["variants"] = new JsonArray(
                [.. LegacyCommandVariants.Select(v => new JsonObject { ["name"] = v, ["configuration_value"] = v })]);
            flag["allocation"] = new JsonObject { ["default_when_enabled"] = wanted.Variant ?? LegacyCommandVariants[0],
                ["default_when_disabled"] = LegacyCommandVariants[0] };
        }

        return flag.ToJsonString();
    }

    private static IEnumerable<JsonObject> Filters(JsonObject flag, params IReadOnlyList<string> names) =>
        FlagJson.GetFilters(flag).Where(f => names.Contains(FlagJson.GetFilterName(f)));

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
        JsonObject? targeting = Filters(flag, FlagNames.TargetingFilter).FirstOrDefault();
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
}
