using System.Text.Json.Nodes;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Integrations.OpenAI;

/// <summary>The JSON schema of a response. Strict mode has no ranges: <see cref="ModelResponseReader"/> checks them.</summary>
internal static class ModelResponseSchema
{
    public const string Name = "issue_analysis";
    public const string Summary = "summary";
    public const string KeyTopics = "key_topics";
    public const string Confidences = "confidences";
    public const string Indicators = "technical_indicators";
    public const string Urgency = "urgency";
    public const string ContentType = "content_type";
    public const string Names = "named_entities";
    public const string Organisations = "organisations";
    public const string ThreatActors = "threat_actors";
    public const string People = "people";
    public const string Places = "places";

    /// <summary>A closed set, because the success history is kept by content type.</summary>
    public static IReadOnlyList<string> ContentTypes { get; } =
        ["threat-report", "vulnerability", "incident", "infrastructure", "organization", "person", "news", "site-change", "other"];

    public static JsonObject For(SpecialistCatalogue catalogue) => Closed(new JsonObject
    {
        [Summary] = Text("What the finding is about, in one to three sentences of English."),
        [KeyTopics] = List("At most 10 topics, each a few words."),
        [Confidences] = Closed(
            new JsonObject(catalogue.Specialists.Select(s =>
                KeyValuePair.Create(s.Label, (JsonNode?)Number($"How sure you are that the finding needs the {s.Name}, from 0 to 1.")))),
            "One confidence for each specialist; they are independent of one another."),
        [Indicators] = List("At most 20 technical indicators the finding names: domains, addresses, hashes, CVE ids."),
        [Urgency] = OneOf(Enum.GetNames<Urgency>().Select(n => n.ToLowerInvariant())),
        [ContentType] = OneOf(ContentTypes),
        [Names] = Closed(
            new JsonObject
            {
                [Organisations] = List("At most 10 organisations, none of them a threat actor."),
                [ThreatActors] = List("At most 10 groups or persons that attack."),
                [People] = List("At most 10 persons."),
                [Places] = List("At most 10 countries, cities or other places."),
            },
            "Names in the title or the body that matter for the finding, each quoted exactly: the same letters and case, never translated, "
            + "completed or shortened."),
    });

    private static JsonObject Closed(JsonObject properties, string? description = null)
    {
        JsonObject schema = new()
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. properties.Select(p => (JsonNode)p.Key)]),
            ["additionalProperties"] = false,
        };
        if (description is not null)
        {
            schema["description"] = description;
        }

        return schema;
    }

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Number(string description) => new() { ["type"] = "number", ["description"] = description };

    private static JsonObject List(string description) =>
        new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" }, ["description"] = description };

    private static JsonObject OneOf(IEnumerable<string> values) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. values.Select(v => (JsonNode)v)]) };
}
