using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>
/// Reads a flag's JSON as Microsoft.FeatureManagement does: the case of names does not matter, and numbers may be text.
/// Unlike the library it names members without a meaning: most are misspelt conditions, and without them a flag is on for everything.
/// </summary>
internal static class FlagSchema
{
    private static readonly Member[] Names = [new("Users"), new("Groups")];

    private static readonly Member Root = new(
        string.Empty,
        new("id"), new("description"), new("display_name"), new("enabled"), new("telemetry"),
        new("conditions",
            new("requirement_type"),
            new("client_filters",
                new("name"),
                new("parameters",
                    new("Labels"),
                    new("Audience",
                        new("Users"), new("Groups", new("Name"), new("RolloutPercentage")), new("DefaultRolloutPercentage"),
                        new("Exclusion", Names)),
                    new("Start"), new("End"),
                    new("Recurrence",
                        new("Pattern", new("Type"), new("Interval"), new("DaysOfWeek"), new("FirstDayOfWeek")),
                        new("Range", new("Type"), new("EndDate"), new("NumberOfOccurrences")))))),
        new("variants", new("name"), new("configuration_value"), new("configuration_reference"), new("status_override")),
        new("allocation",
            new("default_when_enabled"), new("default_when_disabled"), new("user"), new("group"), new("percentile"), new("seed")));

    // A flag may carry notes of a team's own at its top level, but nothing that reads like a condition.
    private static readonly string[] ReservedNotes =
    [
        "CONDITION", "CLIENTFILTER", "FILTER", "REQUIREMENT", "REQUIREMENTTYPE", "ENABLEDFOR", "ENABLED", "AUDIENCE", "VARIANT", "ALLOCATION",
    ];

    /// <summary>Returns the flag with its members spelled as in the schema, and numbers for percentages that are text.</summary>
    /// <param name="dropUnknown">Leaves members without a meaning out.</param>
    /// <returns>Null if the JSON is not an object.</returns>
    /// <exception cref="JsonException">The text is not JSON, or too deep.</exception>
    /// <exception cref="ArgumentException">An object has the same name twice.</exception>
    /// <exception cref="InvalidOperationException">A text holds an unpaired surrogate.</exception>
    /// <exception cref="FormatException">An object has a name twice, in another case.</exception>
    public static JsonObject? Read(string json, bool dropUnknown = false)
    {
        if (JsonNode.Parse(json) is not JsonObject flag)
        {
            return null;
        }

        ReadToEnd(flag);
        return FindDuplicateKey(flag) is { } duplicate
            ? throw new FormatException($"it has '{duplicate}' twice, in another case")
            : (JsonObject)Normalize(flag, Root, dropUnknown)!;
    }

    /// <summary>Returns what is wrong with the names of a flag's members, or null.</summary>
    /// <param name="flag">As returned by <see cref="Read"/>.</param>
    public static string? FindUnknownMember(JsonObject flag) => FindUnknownMember(flag, Root);

    private static string? FindUnknownMember(JsonNode? node, Member member) => node switch
    {
        JsonObject item when member.Members.Length > 0 => item
            .Select(p => member.Find(p.Key) is { } known ? FindUnknownMember(p.Value, known) : Describe(p.Key, member))
            .FirstOrDefault(p => p is not null),
        JsonArray list => list.Select(entry => FindUnknownMember(entry, member)).FirstOrDefault(p => p is not null),
        _ => null,
    };

    private static string? Describe(string name, Member member) => IsAllowed(name, member)
        ? null
        : $"has the member '{name}'{(member == Root ? string.Empty : $" in {member.Name}")}, which has no meaning there " +
            $"(known: {string.Join(", ", member.Members.Select(m => m.Name))})";

    private static bool IsAllowed(string name, Member member) => member == Root && !ReservedNotes.Contains(Simplify(name));

    private static string Simplify(string name) =>
        string.Concat(name.Where(char.IsAsciiLetter)).ToUpperInvariant().TrimEnd('S');

    /// <summary>Reads every member, because a duplicate property or an unpaired surrogate is detected only when it is read.</summary>
    private static void ReadToEnd(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject item:
                foreach (KeyValuePair<string, JsonNode?> property in item)
                {
                    ReadToEnd(property.Value);
                }

                break;
            case JsonArray list:
                foreach (JsonNode? entry in list)
                {
                    ReadToEnd(entry);
                }

                break;
            default:
                _ = node?.ToJsonString();
                break;
        }
    }

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
        JsonValue value when member.Name.EndsWith("Percentage", StringComparison.Ordinal)
            && value.TryGetValue(out string? text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double figure)
            && double.IsFinite(figure) => JsonValue.Create(figure),
        _ => node?.DeepClone(),
    };

    /// <summary>A member of the schema. One without members of its own may hold anything.</summary>
    private sealed record Member(string Name, params Member[] Members)
    {
        public Member? Find(string name) => Members.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
