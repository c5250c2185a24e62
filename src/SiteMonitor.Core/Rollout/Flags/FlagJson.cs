using System.Text.Json;
using System.Text.Json.Nodes;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>Parses feature flags in the JSON schema of Azure App Configuration and Microsoft.FeatureManagement.</summary>
public static class FlagJson
{
    private const string Consequence = "; the flag counts as off until it is put right";

    /// <summary>Parses one flag. A malformed one, or one with unsupported parts, is off and has a problem; never throws.</summary>
    public static StoredFlag Parse(string name, string json, string etag)
    {
        try
        {
            if (FlagSchema.Read(json) is not { } flag)
            {
                return Broken(name, json, etag, "is not a JSON object");
            }

            string compact = JsonNode.Parse(json)!.ToJsonString();
            if (FlagSchema.FindInvalidValue(flag) is { } wrong)
            {
                return Broken(name, compact, etag, wrong);
            }

            FeatureFlag parsed = Create(name, compact, flag);
            string? problem =
                FindProblem(parsed) ?? (parsed.Enabled ? FindUnsupportedPart(flag) ?? FlagSchema.FindUnknownMember(flag) : null);
            return problem is null ? new StoredFlag(parsed, etag) : Broken(name, compact, etag, problem);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return Broken(name, json, etag, $"is not a feature flag ({e.Message.Split('\n')[0].TrimEnd('.')})");
        }
    }

    /// <summary>Returns a flag that the store has several times, which is off because it is ambiguous.</summary>
    internal static StoredFlag Ambiguous(StoredFlag flag, int count) => Reject(flag, $"is there {count} times");

    /// <summary>Returns the flag switched off because of a problem that its JSON alone does not show.</summary>
    public static StoredFlag Reject(StoredFlag flag, string problem) => Broken(flag.Flag.Name, flag.Flag.Json, flag.ETag, problem);

    private static StoredFlag Broken(string name, string json, string etag, string problem) => new(
        new FeatureFlag { Name = name, Enabled = false, Json = json }, etag,
        problem.EndsWith(Consequence, StringComparison.Ordinal) ? problem : problem + Consequence);

    private static FeatureFlag Create(string name, string json, JsonObject flag) => new()
    {
        Name = name,
        Enabled = bool.TryParse(flag["enabled"]?.ToString(), out bool isEnabled) && isEnabled,
        RequiresAllFilters = FlagSchema.GetText(flag["conditions"]?["requirement_type"])?.Trim().ToUpperInvariant() == "ALL",
        Filters =
        [
            .. Items(flag["conditions"]?["client_filters"]).Select(f => new FlagFilter(
                FlagNames.NormalizeFilter(f["name"]!.GetValue<string>()), f["parameters"]?.DeepClone() as JsonObject ?? [])),
        ],
        Variants = [.. Items(flag["variants"]).Select(v => v["name"]!.GetValue<string>())],
        VariantWhenEnabled = FlagSchema.GetText(flag["allocation"]?["default_when_enabled"]),
        VariantWhenDisabled = FlagSchema.GetText(flag["allocation"]?["default_when_disabled"]),
        Json = json,
    };

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Returns a part that Microsoft.FeatureManagement supports and we do not: ignoring it would change the flag.</summary>
    private static string? FindUnsupportedPart(JsonObject flag)
    {
        if (Items(flag["variants"]).Any(v =>
            FlagSchema.GetText(v["status_override"]) is { } status && !status.Equals("None", StringComparison.OrdinalIgnoreCase)))
        {
            return "has a variant with status_override, which SiteMonitor does not honour";
        }

        string[] parts = ["user", "group", "percentile"];
        return parts.FirstOrDefault(part => flag["allocation"]?[part] is not (null or JsonArray { Count: 0 })) is { } allocation
            ? $"allocates variants by {allocation}, which SiteMonitor does not honour"
            : null;
    }

    private static string? FindProblem(FeatureFlag flag)
    {
        string[] allocated = [.. new[] { flag.VariantWhenEnabled, flag.VariantWhenDisabled }.OfType<string>()];
        return (flag.Enabled ? ForeignFilter(flag) : null)
            ?? flag.Filters.Select(FilterProblem).FirstOrDefault(p => p is not null)
            ?? allocated.Where(v => !flag.Variants.Contains(v))
                .Select(v => $"allocates the variant '{v}', which it does not have").FirstOrDefault()
            ?? allocated.Where(v => flag.Name == FlagNames.LegacyCommands && !FlagSettingConverter.Modes.Contains(v, StringComparer.OrdinalIgnoreCase))
                .Select(v => $"allocates the variant '{v}' (it knows {string.Join(", ", FlagSettingConverter.Modes)})").FirstOrDefault();
    }

    private static string? ForeignFilter(FeatureFlag flag)
    {
        IReadOnlyList<string> allowed = FlagNames.GetAllowedFilters(flag.Name);
        return flag.Filters.FirstOrDefault(f => !allowed.Contains(f.Name)) is { } foreign
            ? $"has the filter '{foreign.Name}', " +
                $"which this flag does not take (it takes {(allowed.Count == 0 ? "none" : string.Join(" and ", allowed))})"
            : null;
    }

    private static string? FilterProblem(FlagFilter filter) => filter.Name switch
    {
        FlagNames.IssueLabelFilter => Require(filter, "Labels"),
        FlagNames.TargetingFilter => Require(filter, "Audience"),
        FlagNames.TimeWindowFilter => Require(filter, "Start", "End"),
        _ => $"has the filter '{filter.Name}', which nobody knows here (known: {FlagNames.IssueLabelFilter}, " +
            $"{FlagNames.TargetingFilter}, {FlagNames.TimeWindowFilter})",
    };

    private static string? Require(FlagFilter filter, params string[] parameters) =>
        parameters.Any(p => filter.Parameters[p]?.ToString() is { Length: > 0 })
            ? null
            : $"filter {filter.Name} needs the parameter {string.Join(" or ", parameters)}";
}
