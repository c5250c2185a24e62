using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SiteMonitor.Tests.Core.Specialists;

/// <summary>Checks a document against the part of JSON Schema that our schema uses; an unknown keyword fails the test that uses it.</summary>
internal sealed class JsonSchemaCheck(string schema)
{
    private static readonly string[] Annotations = ["$schema", "title", "description", "$defs"];
    private readonly JsonNode _root = JsonNode.Parse(schema)!;

    public IReadOnlyList<string> Problems(string document)
    {
        List<string> problems = [];
        Check(_root, JsonNode.Parse(document), "", problems);
        return problems;
    }

    private void Check(JsonNode schema, JsonNode? value, string at, List<string> problems)
    {
        foreach ((string keyword, JsonNode? rule) in schema.AsObject().Where(pair => !Annotations.Contains(pair.Key)))
        {
            bool ok = keyword switch
            {
                "$ref" => Follow(rule!.GetValue<string>(), value, at, problems),
                "type" => IsOfType(value, rule!.GetValue<string>()),
                "properties" => Members(rule!.AsObject(), value, at, problems),
                "items" => Items(rule!, value, at, problems),
                "required" => value is not JsonObject o || rule!.AsArray().All(name => o.ContainsKey(name!.GetValue<string>())),
                "additionalProperties" => value is not JsonObject o || o.All(member => schema["properties"]![member.Key] is not null),
                "minItems" => value is not JsonArray a || a.Count >= rule!.GetValue<int>(),
                "maxItems" => value is not JsonArray a || a.Count <= rule!.GetValue<int>(),
                "uniqueItems" => value is not JsonArray a || a.Select(n => n?.ToJsonString()).Distinct().Count() == a.Count,
                "minLength" => Text(value) is not { } t || t.Length >= rule!.GetValue<int>(),
                "maxLength" => Text(value) is not { } t || t.Length <= rule!.GetValue<int>(),
                "pattern" => Text(value) is not { } t || Regex.IsMatch(t, rule!.GetValue<string>()),
                "minimum" => Number(value) is not { } n || n >= rule!.GetValue<double>(),
                "exclusiveMinimum" => Number(value) is not { } n || n > rule!.GetValue<double>(),
                "maximum" => Number(value) is not { } n || n <= rule!.GetValue<double>(),
                _ => throw new NotSupportedException($"The check does not know the keyword '{keyword}'."),
            };
            if (!ok)
            {
                problems.Add($"{at}: {keyword}");
            }
        }
    }

    private bool Follow(string reference, JsonNode? value, string at, List<string> problems)
    {
        Check(_root["$defs"]![reference["#/$defs/".Length..]]!, value, at, problems);
        return true;
    }

    private bool Members(JsonObject properties, JsonNode? value, string at, List<string> problems)
    {
        foreach ((string name, JsonNode? schema) in properties)
        {
            if (value is JsonObject o && o.ContainsKey(name))
            {
                Check(schema!, o[name], $"{at}.{name}", problems);
            }
        }

        return true;
    }

    private bool Items(JsonNode schema, JsonNode? value, string at, List<string> problems)
    {
        for (int i = 0; value is JsonArray a && i < a.Count; i++)
        {
            Check(schema, a[i], $"{at}[{i}]", problems);
        }

        return true;
    }

    private static bool IsOfType(JsonNode? value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => Text(value) is not null,
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "integer" => Number(value) is { } n && n == Math.Floor(n),
        _ => Number(value) is not null,
    };

    private static string? Text(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : null;

    private static double? Number(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? value.GetValue<double>() : null;
}
