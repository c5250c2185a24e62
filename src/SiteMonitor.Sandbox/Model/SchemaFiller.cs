using System.Text.Json;
using System.Text.Json.Nodes;

namespace SiteMonitor.Sandbox.Model;

/// <summary>Creates a JSON value for the schema of a request: exactly its properties, in its order, with its enum values.</summary>
internal sealed class SchemaFiller(SimulatedAnalysis judgement)
{
    public JsonNode? Fill(JsonElement schema) => Fill(schema, "", "");

    // The name is the property's own; the subject is the specialist that a property or an enum above it names.
    private JsonNode? Fill(JsonElement schema, string name, string subject)
    {
        if (schema.TryGetProperty("const", out JsonElement constant))
        {
            return JsonNode.Parse(constant.GetRawText());
        }

        if (schema.TryGetProperty("enum", out JsonElement values))
        {
            return Enum([.. values.EnumerateArray().Select(v => v.GetString() ?? "")], name, subject);
        }

        return Type(schema) switch
        {
            "object" => Object(schema, subject),
            "array" => Array(schema, name),
            "number" => judgement.Confidence(subject.Length > 0 ? subject : name),
            "integer" => 1,
            "boolean" => false,
            "null" => null,
            _ => Text(name, subject),
        };
    }

    private static string Type(JsonElement schema) => !schema.TryGetProperty("type", out JsonElement type)
        ? "object"
        : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().First().GetString()! : type.GetString()!;

    private JsonObject Object(JsonElement schema, string subject)
    {
        JsonObject answer = [];
        if (schema.TryGetProperty("properties", out JsonElement properties))
        {
            foreach (JsonProperty property in properties.EnumerateObject())
            {
                answer[property.Name] = Fill(property.Value, property.Name, subject.Length > 0 ? subject : SubjectOf(property));
            }
        }

        return answer;
    }

    // A property with an object that has its own confidence is named after its specialist.
    private static string SubjectOf(JsonProperty property) => property.Name.Contains('-', StringComparison.Ordinal) ? property.Name : "";

    private JsonArray Array(JsonElement schema, string name)
    {
        JsonElement items = schema.GetProperty("items");
        if (items.TryGetProperty("properties", out JsonElement properties))
        {
            string[] subjects = [.. properties.EnumerateObject().Where(p => p.Value.TryGetProperty("enum", out _)).Take(1)
                .SelectMany(p => p.Value.GetProperty("enum").EnumerateArray().Select(v => v.GetString() ?? ""))];
            return new JsonArray([.. subjects.Select(s => Fill(items, "", s))]);
        }

        IReadOnlyList<string> texts = name switch
        {
            _ when SimulatedNameExtractor.IsName(name) => judgement.Names.Find(name),
            _ when name.Contains("indicator", StringComparison.OrdinalIgnoreCase) => judgement.Indicators,
            _ => judgement.Topics,
        };
        return new JsonArray([.. texts.Select(t => (JsonNode)t)]);
    }

    private string Enum(string[] values, string name, string subject)
    {
        if (subject.Length > 0 && values.Contains(subject))
        {
            return subject;
        }

        return values.Contains(judgement.Urgency) && name.Contains("urgency", StringComparison.OrdinalIgnoreCase)
            ? judgement.Urgency
            : judgement.Pick(values);
    }

    private string Text(string name, string subject) => name switch
    {
        _ when name.Contains("summary", StringComparison.OrdinalIgnoreCase) => judgement.Summary,
        _ when name.Contains("urgency", StringComparison.OrdinalIgnoreCase) => judgement.Urgency,
        _ when name.Contains("type", StringComparison.OrdinalIgnoreCase) => "finding",
        _ when subject.Length > 0 => $"Judged by the words of the finding for {subject}.",
        _ => judgement.Summary,
    };
}
