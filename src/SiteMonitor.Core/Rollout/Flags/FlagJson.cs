using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Legacy;

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

            var parsed = new FeatureFlag
            {
                Name = name,
                Enabled = ReadEnabled(flag["enabled"]),
                Requirement = Requirement(flag["conditions"]?["requirement_type"]),
                Filters = [.. Items(flag["conditions"]?["client_filters"]).Select(Filter)],
                Variants = [.. Items(flag["variants"]).Select(v => Text(v, "name"))],
                VariantWhenEnabled = flag["allocation"]?["default_when_enabled"]?.GetValue<string>(),
                VariantWhenDisabled = flag["allocation"]?["default_when_disabled"]?.GetValue<string>(),
                Json = JsonNode.Parse(json)!.ToJsonString(),
            };
            string? problem =
                FindProblem(parsed) ?? (parsed.Enabled ? FindUnsupportedPart(flag) ?? FlagSchema.FindUnknownMember(flag) : null);
            return problem is null ? new StoredFlag(parsed, etag) : Broken(name, parsed.Json, etag, problem);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
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

    private static bool ReadEnabled(JsonNode? node) => node switch
    {
        null => false,
        JsonValue value when value.TryGetValue(out bool enabled) => enabled,
        JsonValue value when value.TryGetValue(out string? text) && bool.TryParse(text, out bool enabled) => enabled,
        _ => throw new FormatException("enabled is neither true nor false"),
    };

    /// <summary>Returns a part that Microsoft.FeatureManagement supports and we do not: ignoring it would change the flag.</summary>
    private static string? FindUnsupportedPart(JsonObject flag)
    {
        if (Items(flag["variants"]).Any(v =>
            v["status_override"]?.GetValue<string>() is { } status && !status.Equals("None", StringComparison.OrdinalIgnoreCase)))
        {
            return "has a variant with status_override, which SiteMonitor does not honour";
        }

        string[] parts = ["user", "group", "percentile"];
        return parts.FirstOrDefault(part => flag["allocation"]?[part] is not (null or JsonArray { Count: 0 })) is { } allocation
            ? $"allocates variants by {allocation}, which SiteMonitor does not honour"
            : null;
    }

    private static string? FindProblem(FeatureFlag flag) =>
        (flag.Enabled ? ForeignFilter(flag) : null)
        ?? flag.Filters.Select(FilterProblem).FirstOrDefault(p => p is not null)
        ?? new[] { flag.VariantWhenEnabled, flag.VariantWhenDisabled }
            .Where(v => v is not null && !flag.Variants.Contains(v))
            .Select(v => $"allocates the variant '{v}', which it does not have")
            .FirstOrDefault()
        ?? (flag.Name == FlagNames.LegacyCommands ? UnknownMode(flag) : null);

    private static string? UnknownMode(FeatureFlag flag)
    {
        string[] modes = Enum.GetNames<LegacyCommandMode>();
        return new[] { flag.VariantWhenEnabled, flag.VariantWhenDisabled }
            .FirstOrDefault(v => v is not null && !modes.Contains(v, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? $"allocates the variant '{unknown}' (it knows {string.Join(", ", modes.Select(m => m.ToLowerInvariant()))})"
            : null;
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
        FlagNames.IssueLabelFilter => filter.Parameters["Labels"] is JsonArray labels && labels.All(IsText)
            ? null
            : $"filter {filter.Name} needs a parameter Labels with a list of label names",
        FlagNames.TargetingFilter => TargetingParameters.Problem(filter),
        FlagNames.TimeWindowFilter => WindowProblem(filter),
        _ => $"has the filter '{filter.Name}', which nobody knows here (known: {FlagNames.IssueLabelFilter}, " +
            $"{FlagNames.TargetingFilter}, {FlagNames.TimeWindowFilter})",
    };

    private static string? WindowProblem(FlagFilter filter)
    {
        if (filter.Parameters["Recurrence"] is not (null or JsonObject))
        {
            return $"filter {filter.Name} needs as Recurrence an object with Pattern and Range";
        }

        string?[] ends = [filter.Parameters["Start"]?.GetValue<string>(), filter.Parameters["End"]?.GetValue<string>()];
        return ends.All(string.IsNullOrEmpty)
            || ends.Any(e => !string.IsNullOrEmpty(e) && !DateTimeOffset.TryParse(e, CultureInfo.InvariantCulture, out _))
            ? $"filter {filter.Name} needs Start or End, each a date with time such as 'Mon, 02 Nov 2026 08:00:00 GMT'"
            : null;
    }

    private static FlagFilter Filter(JsonObject filter) => new(
        FlagNames.NormalizeFilter(Text(filter, "name")),
        (filter["parameters"] as JsonObject)?.DeepClone() as JsonObject ?? []);

    private static FlagRequirement Requirement(JsonNode? node) => node?.GetValue<string>().Trim() switch
    {
        null or "" => FlagRequirement.Any,
        var text when text.Equals("Any", StringComparison.OrdinalIgnoreCase) => FlagRequirement.Any,
        var text when text.Equals("All", StringComparison.OrdinalIgnoreCase) => FlagRequirement.All,
        var text => throw new FormatException($"requirement_type is '{text}', not Any or All"),
    };

    internal static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static IEnumerable<JsonObject> Items(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => array.Select(i => i as JsonObject ?? throw new FormatException("a list holds something that is not an object")),
        _ => throw new FormatException("a list is not a list"),
    };

    private static string Text(JsonObject item, string property) =>
        item[property]?.GetValue<string>() is { Length: > 0 } text ? text : throw new FormatException($"an entry lacks its {property}");
}

/// <summary>Checks the parameters of <c>Microsoft.Targeting</c>, because evaluation throws on invalid ones.</summary>
internal static class TargetingParameters
{
    private const string ListOfNames = "a list of names";

    /// <summary>Returns the problem, or null.</summary>
    public static string? Problem(FlagFilter filter)
    {
        string? problem = filter.Parameters["Audience"] is JsonObject audience ? AudienceProblem(audience) : "needs a parameter Audience";
        return problem is null ? null : $"filter {filter.Name} {problem}";
    }

    private static string? AudienceProblem(JsonObject audience)
    {
        if (audience["Exclusion"] is not (null or JsonObject))
        {
            return "needs as Exclusion an object with Users and Groups";
        }

        var exclusion = audience["Exclusion"] as JsonObject;
        (string Where, JsonNode? List)[] names = [("Users", audience["Users"]), ("Exclusion.Users", exclusion?["Users"]),
            ("Exclusion.Groups", exclusion?["Groups"])];
        return names.FirstOrDefault(n => !AreNames(n.List)).Where is { } where ? $"needs as {where} {ListOfNames}"
            : audience["Groups"] is not (null or JsonArray)
                || !Groups(audience).All(g => g is JsonObject group && FlagJson.IsText(group["Name"]))
                ? "needs as Groups a list of objects, each with a Name and a RolloutPercentage"
            : Groups(audience).Select(g => g!["RolloutPercentage"]).Append(audience["DefaultRolloutPercentage"]).All(IsPercentage) ? null
            : "has a percentage that is not a number from 0 to 100";
    }

    private static JsonArray Groups(JsonObject audience) => audience["Groups"] as JsonArray ?? [];

    private static bool AreNames(JsonNode? list) => list is null || (list is JsonArray names && names.All(FlagJson.IsText));

    private static bool IsPercentage(JsonNode? node) =>
        node is null || (node is JsonValue value && value.TryGetValue(out double share) && share is >= 0 and <= 100);
}
