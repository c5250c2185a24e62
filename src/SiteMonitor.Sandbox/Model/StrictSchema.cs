using System.Text.Json;

namespace SiteMonitor.Sandbox.Model;

/// <summary>
/// Checks Azure OpenAI's rules for schemas with <c>strict: true</c>: closed objects, all properties required, few keywords, five levels,
/// 100 properties. Source: learn.microsoft.com, "Structured outputs", supported schemas and limitations.
/// </summary>
internal static class StrictSchema
{
    private const int MaxDepth = 5;
    private const int MaxProperties = 100;

    private static readonly HashSet<string> Unsupported =
    [
        "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum",
        "patternProperties", "unevaluatedProperties",
        "propertyNames", "minProperties", "maxProperties", "unevaluatedItems", "contains", "minContains", "maxContains", "minItems",
        "maxItems", "uniqueItems", "oneOf", "allOf", "not", "if",
    ];

    /// <summary>Returns the error message of the service; null if the schema is accepted.</summary>
    public static string? Problem(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object
            || !schema.TryGetProperty("type", out JsonElement type)
            || type.ValueKind != JsonValueKind.String
            || type.GetString() != "object")
        {
            return "schema must be a JSON Schema of 'type: \"object\"'.";
        }

        int properties = 0;
        return Problem(schema, "()", 1, ref properties);
    }

    private static string? Problem(JsonElement schema, string where, int depth, ref int count)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return $"In context={where}, a schema must be an object.";
        }

        if (schema.EnumerateObject().FirstOrDefault(
            p => Unsupported.Contains(p.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } keyword)
        {
            return $"In context={where}, '{keyword.Name}' is not permitted.";
        }

        if (depth > MaxDepth)
        {
            return $"{depth} levels of nesting exceeds limit of {MaxDepth}.";
        }

        if (schema.TryGetProperty("properties", out JsonElement properties))
        {
            return ObjectProblem(schema, properties, where, depth, ref count);
        }

        return schema.TryGetProperty("items", out JsonElement items) ? Problem(items, $"('items' of {where})", depth + 1, ref count) : null;
    }

    private static string? ObjectProblem(JsonElement schema, JsonElement properties, string where, int depth, ref int count)
    {
        if (!schema.TryGetProperty("additionalProperties", out JsonElement additional) || additional.ValueKind != JsonValueKind.False)
        {
            return $"In context={where}, 'additionalProperties' is required to be supplied and to be false.";
        }

        HashSet<string> required = schema.TryGetProperty("required", out JsonElement names)
            ? [.. names.EnumerateArray().Select(n => n.GetString()!)]
            : [];
        foreach (JsonProperty property in properties.EnumerateObject())
        {
            if (!required.Contains(property.Name))
            {
                return $"In context={where}, 'required' is required to be supplied and to be an array including every key in properties. "
                    + $"Missing '{property.Name}'.";
            }

            if (++count > MaxProperties)
            {
                return $"The schema has more than {MaxProperties} properties.";
            }

            if (Problem(property.Value, $"('properties', '{property.Name}')", depth + 1, ref count) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }
}
