using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.FeatureManagement;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Reads stored flags; one that is malformed, or has a part that would not be honoured, is off and has a problem.</summary>
internal static class FlagReader
{
    private static readonly IReadOnlyList<IFeatureFilterMetadata> Filters =
        FlagEvaluator.CreateFilters(TimeProvider.System, NullLoggerFactory.Instance);

    private static readonly IssueTargetingContext AnyIssue = new(new IssueRef(new RepositoryRef("owner", "name"), 1), []);

    /// <summary>Reads a flag. An invalid one is off and has a problem; its content never makes this throw.</summary>
    public static async Task<StoredFlag> ReadAsync(string name, string json, string etag)
    {
        StoredFlag stored = new(name, json, etag, FlagSetting.Off);
        try
        {
            if (FlagSchema.Parse(json) is not { } parsed)
            {
                return stored.Reject("is not a JSON object");
            }

            JsonObject flag = FlagSchema.Normalize(parsed);
            // Set also for an invalid flag, so that a write keeps its valid parts.
            stored = stored with { Json = Sort(parsed)!.ToJsonString(), Content = FlagSchema.RemoveUnknown(flag) };
            string? problem = FlagSchema.FindInvalidValue(flag) ?? FindFilterOrVariantProblem(name, flag)
                ?? (FlagJson.IsEnabled(flag)
                    ? FindUnsupportedPart(flag) ?? FlagSchema.FindUnknownMember(flag) ?? await FindRefusedFilterAsync(name, flag)
                    : null);
            return problem is null ? stored with { Setting = ReadSetting(name, flag) } : stored.Reject(problem);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return stored.Reject($"is not a feature flag ({FirstLine(e)})");
        }
    }

    private static FlagSetting ReadSetting(string name, JsonObject flag) => !FlagJson.IsEnabled(flag) ? FlagSetting.Off : name switch
    {
        FlagNames.UnifiedPipeline => FlagSetting.On with
        {
            Percentage = ReadPercentage(flag),
            Labels = ReadLabels(flag),
            Mismatch = FlagJson.RequiresAllFilters(flag) && FlagJson.GetFilters(flag).Count > 1 ? "all filters required" : string.Empty,
        },
        FlagNames.LegacyCommands =>
            FlagSetting.On with { Variant = FlagJson.GetText(flag["allocation"]?["default_when_enabled"]) ?? "(no variant)" },
        _ => FlagSetting.On,
    };

    // Without a filter an enabled flag takes everything.
    private static double ReadPercentage(JsonObject flag) => FlagJson.GetFilters(flag).Count == 0
        ? 100
        : FindFilter(flag, FlagNames.TargetingFilter)?["parameters"]?["Audience"]?["DefaultRolloutPercentage"]?.GetValue<double>() ?? 0;

    private static string[] ReadLabels(JsonObject flag) =>
        FindFilter(flag, FlagNames.IssueLabelFilter)?["parameters"]?["Labels"] is JsonArray labels
            ? [.. labels.Select(l => l!.GetValue<string>()).Order(StringComparer.Ordinal)]
            : [];

    private static JsonObject? FindFilter(JsonObject flag, string name) =>
        FlagJson.GetFilters(flag).FirstOrDefault(f => FlagJson.GetFilterName(f) == name);

    // A store's client may write members in another order than a file.
    private static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject item =>
            new JsonObject(item.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sort(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sort)]),
        _ => node?.DeepClone(),
    };

    /// <summary>Returns what is wrong with the flag's filters or allocated variants, as display text; null if nothing is.</summary>
    private static string? FindFilterOrVariantProblem(string name, JsonObject flag)
    {
        IReadOnlyList<JsonObject> filters = FlagJson.GetFilters(flag);
        string[] variants = [.. FlagJson.GetObjects(flag["variants"]).Select(v => v["name"]!.GetValue<string>())];
        IReadOnlyList<string> known = FlagSettingWriter.LegacyCommandVariants;
        string[] defaults = ["default_when_enabled", "default_when_disabled"];
        string[] allocated = [.. defaults.Select(d => FlagJson.GetText(flag["allocation"]?[d])).OfType<string>()];
        return (FlagJson.IsEnabled(flag) ? FindDisallowedFilter(name, filters) : null)
            ?? filters.Select(FindFilterProblem).FirstOrDefault(p => p is not null)
            ?? allocated.Where(v => !variants.Contains(v))
                .Select(v => $"allocates the variant '{v}', which it does not have").FirstOrDefault()
            ?? allocated
                .Where(v => name == FlagNames.LegacyCommands && !known.Contains(v, StringComparer.OrdinalIgnoreCase))
                .Select(v => $"allocates the variant '{v}' (known: {string.Join(", ", known)})").FirstOrDefault();
    }

    private static string? FindDisallowedFilter(string flag, IReadOnlyList<JsonObject> filters)
    {
        IReadOnlyList<string> allowed = FlagNames.GetAllowedFilters(flag);
        return filters.Select(FlagJson.GetFilterName).FirstOrDefault(f => !allowed.Contains(f)) is { } disallowed
            ? $"has the filter '{disallowed}', " +
                $"which this flag does not support (supported: {(allowed.Count == 0 ? "none" : string.Join(" and ", allowed))})"
            : null;
    }

    private static string? FindFilterProblem(JsonObject filter) => FlagJson.GetFilterName(filter) switch
    {
        FlagNames.IssueLabelFilter => Require(filter, "Labels"),
        FlagNames.TargetingFilter => Require(filter, "Audience"),
        FlagNames.TimeWindowFilter => Require(filter, "Start", "End"),
        var unknown => $"has the unknown filter '{unknown}' (known: {FlagNames.IssueLabelFilter}, " +
            $"{FlagNames.TargetingFilter}, {FlagNames.TimeWindowFilter})",
    };

    private static string? Require(JsonObject filter, params string[] parameters) =>
        parameters.Any(p => filter["parameters"]?[p]?.ToString() is { Length: > 0 })
            ? null
            : $"filter {FlagJson.GetFilterName(filter)} needs the parameter {string.Join(" or ", parameters)}";

    /// <summary>
    /// Returns a message about the first part that Microsoft.FeatureManagement supports and we do not, since ignoring it would change
    /// the flag; null if there is none.
    /// </summary>
    private static string? FindUnsupportedPart(JsonObject flag)
    {
        if (FlagJson.GetObjects(flag["variants"]).Any(v =>
            FlagJson.GetText(v["status_override"]) is { } status && !status.Equals("None", StringComparison.OrdinalIgnoreCase)))
        {
            return "has a variant with status_override, which SiteMonitor does not honour";
        }

        string[] parts = ["user", "group", "percentile"];
        return parts.FirstOrDefault(part => flag["allocation"]?[part] is not (null or JsonArray { Count: 0 })) is { } allocation
            ? $"allocates variants by {allocation}, which SiteMonitor does not honour"
            : null;
    }

    /// <summary>Returns a message about the first filter that Microsoft.FeatureManagement refuses; null if there is none.</summary>
    private static async Task<string?> FindRefusedFilterAsync(string name, JsonObject flag)
    {
        foreach (JsonObject filter in FlagJson.GetFilters(flag))
        {
            try
            {
                // Each filter is evaluated alone, because evaluation stops at the first one that decides.
                JsonObject conditions = new() { ["client_filters"] = new JsonArray(filter.DeepClone()) };
                JsonObject alone = new() { ["enabled"] = true, ["conditions"] = conditions };
                Dictionary<string, JsonObject> flags = new() { [name] = alone };
                await FlagEvaluator.CreateManager(flags, Filters).IsEnabledAsync(name, AnyIssue);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return $"filter {FlagJson.GetFilterName(filter)} cannot be evaluated ({FirstLine(e)})";
            }
        }

        return null;
    }

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].TrimEnd('.');
}
