using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>
/// Reads a flag's JSON as Microsoft.FeatureManagement does: the case of names does not matter, and numbers may be text.
/// Unlike the library it reports unknown members: most are misspelt conditions, and a flag that ignores its condition is on for everything.
/// </summary>
internal static class FlagSchema
{
    private static readonly ValueRule Object = new("an object", n => n is JsonObject);
    private static readonly ValueRule Objects = new(
        "a list of objects", n => n is JsonArray list && list.All(entry => entry is JsonObject));
    private static readonly ValueRule Names = new(
        "a list of names", n => n is JsonArray list && list.All(entry => FlagJson.GetText(entry) is not null));
    private static readonly ValueRule Text = new("a string", n => FlagJson.GetText(n) is not null);
    private static readonly ValueRule Name = new("a name", n => FlagJson.GetText(n) is { Length: > 0 });
    private static readonly ValueRule Boolean = new("true or false", n => bool.TryParse(n.ToString(), out _));
    private static readonly ValueRule AnyOrAll = new(
        "Any or All", n => FlagJson.GetText(n)?.Trim().ToUpperInvariant() is "" or "ANY" or "ALL");
    private static readonly ValueRule Percentage = new(
        "a number from 0 to 100", n => n is JsonValue value && value.TryGetValue(out double share) && share is >= 0 and <= 100);
    private static readonly ValueRule Date = new(
        "a date with time such as 'Mon, 02 Nov 2026 08:00:00 GMT'",
        n => FlagJson.GetText(n) is { } text && (text.Length == 0 || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _)));

    private static readonly Member Root = new(
        string.Empty, Object,
        new("id"), new("description"), new("display_name"), new("enabled", Boolean), new("telemetry"),
        new("conditions", Object,
            new("requirement_type", AnyOrAll),
            new("client_filters", Objects,
                Required("name"),
                new("parameters", Object,
                    new("Labels", Names),
                    new("Audience", Object,
                        new("Users", Names),
                        new("Groups", Objects, Required("Name"), new("RolloutPercentage", Percentage)),
                        new("DefaultRolloutPercentage", Percentage),
                        new("Exclusion", Object, new("Users", Names), new("Groups", Names))),
                    new("Start", Date), new("End", Date),
                    new("Recurrence", Object,
                        new("Pattern", Object, new("Type"), new("Interval"), new("DaysOfWeek"), new("FirstDayOfWeek")),
                        new("Range", Object, new("Type"), new("EndDate"), new("NumberOfOccurrences")))))),
        new("variants", Objects,
            Required("name"), new("configuration_value"), new("configuration_reference"), new("status_override", Text)),
        new("allocation", Object,
            new("default_when_enabled", Text), new("default_when_disabled", Text),
            new("user"), new("group"), new("percentile"), new("seed")));

    // At its top level a flag may have members of a team's own, but none that may be a misspelt condition. Compared in upper case, letters
    // only, without a plural s.
    private static readonly string[] ReservedTopLevelNames =
    [
        "CONDITION", "CLIENTFILTER", "FILTER", "REQUIREMENT", "REQUIREMENTTYPE", "ENABLEDFOR", "ENABLED", "AUDIENCE", "VARIANT",
        "ALLOCATION",
    ];

    /// <summary>Parses a flag; refuses duplicate names, also those that differ only in case.</summary>
    /// <returns>Null if the JSON is not an object.</returns>
    /// <exception cref="JsonException">The text is not JSON, is nested too deeply, or an object has the same name twice.</exception>
    /// <exception cref="InvalidOperationException">A text holds an unpaired surrogate.</exception>
    /// <exception cref="FormatException">An object has two names that differ only in case.</exception>
    public static JsonObject? Parse(string json)
    {
        if (JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is not JsonObject flag)
        {
            return null;
        }

        // An unpaired surrogate is detected only when the text is used.
        _ = flag.ToJsonString();
        return FindDuplicateKey(flag) is { } duplicate
            ? throw new FormatException($"it has '{duplicate}' twice, in another case")
            : flag;
    }

    /// <summary>Returns the flag with its members spelled as in the schema, and numbers for percentages that are text.</summary>
    public static JsonObject Normalize(JsonObject flag) => (JsonObject)Normalize(flag, Root, dropUnknown: false)!;

    /// <summary>Returns the flag without unknown members; a team's own members at the top level stay.</summary>
    /// <param name="flag">As returned by <see cref="Normalize(JsonObject)"/>.</param>
    public static JsonObject RemoveUnknown(JsonObject flag) => (JsonObject)Normalize(flag, Root, dropUnknown: true)!;

    /// <summary>Returns what is wrong with the first invalid or missing value, as display text; null if all are valid.</summary>
    /// <param name="flag">As returned by <see cref="Normalize(JsonObject)"/>.</param>
    public static string? FindInvalidValue(JsonObject flag) => FindInvalidValue(flag, Root);

    /// <summary>Returns what is wrong with the names of a flag's members, or null.</summary>
    /// <param name="flag">As returned by <see cref="Normalize(JsonObject)"/>.</param>
    public static string? FindUnknownMember(JsonObject flag) => FindUnknownMember(flag, Root);

    private static string? FindInvalidValue(JsonNode? node, Member member) => node switch
    {
        JsonObject item => member.Members.Select(m => FindInvalidValue(item[m.Name], m, member)).FirstOrDefault(p => p is not null),
        JsonArray list => list.Select(entry => FindInvalidValue(entry, member)).FirstOrDefault(p => p is not null),
        _ => null,
    };

    private static string? FindInvalidValue(JsonNode? value, Member member, Member parent)
    {
        bool isValid = value is null ? !member.IsRequired : member.Value?.IsValid(value) != false;
        string name = parent == Root ? member.Name : $"{parent.Name}.{member.Name}";
        return isValid ? FindInvalidValue(value, member) : $"has an invalid or missing '{name}': it must be {member.Value!.Description}";
    }

    private static string? FindUnknownMember(JsonNode? node, Member member) => node switch
    {
        JsonObject item when member.Members.Length > 0 => item
            .Select(p => member.Find(p.Key) is { } known ? FindUnknownMember(p.Value, known)
                : IsAllowed(p.Key, member) ? null
                : $"has the member '{p.Key}'{(member == Root ? string.Empty : $" in {member.Name}")}, which has no meaning there " +
                    $"(known: {string.Join(", ", member.Members.Select(m => m.Name))})")
            .FirstOrDefault(p => p is not null),
        JsonArray list => list.Select(entry => FindUnknownMember(entry, member)).FirstOrDefault(p => p is not null),
        _ => null,
    };

    private static bool IsAllowed(string name, Member member) => member == Root
        && !ReservedTopLevelNames.Contains(string.Concat(name.Where(char.IsAsciiLetter)).ToUpperInvariant().TrimEnd('S'));

    private static string? FindDuplicateKey(JsonNode? node) => node switch
    {
        JsonObject item => item.Select(p => p.Key).GroupBy(k => k, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key
            ?? item.Select(p => FindDuplicateKey(p.Value)).FirstOrDefault(t => t is not null),
        JsonArray list => list.Select(FindDuplicateKey).FirstOrDefault(t => t is not null),
        _ => null,
    };

    private static JsonNode? Normalize(JsonNode? node, Member member, bool dropUnknown) => node switch
    {
        JsonObject item when member.Members.Length > 0 => new JsonObject(item
            .Select(p => (p.Key, p.Value, Known: member.Find(p.Key)))
            .Where(p => !dropUnknown || p.Known is not null || IsAllowed(p.Key, member))
            .Select(p => p.Known is null
                ? KeyValuePair.Create(p.Key, p.Value?.DeepClone())
                : KeyValuePair.Create(p.Known.Name, Normalize(p.Value, p.Known, dropUnknown)))),
        JsonArray list => new JsonArray([.. list.Select(entry => Normalize(entry, member, dropUnknown))]),
        JsonValue value when member.Value == Percentage
            && FlagJson.GetText(value) is { } text
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double figure)
            && double.IsFinite(figure) => JsonValue.Create(figure),
        _ => node?.DeepClone(),
    };

    private static Member Required(string name) => new(name, Name) { IsRequired = true };

    /// <summary>What the value of a member must be.</summary>
    private sealed record ValueRule(string Description, Func<JsonNode, bool> IsValid);

    /// <summary>A member of the schema. One without members of its own may hold anything that its rule allows.</summary>
    private sealed record Member(string Name, ValueRule? Value = null, params Member[] Members)
    {
        public bool IsRequired { get; init; }

        public Member? Find(string name) => Members.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
