using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>Reads the fields of a request body; a wrong type is refused with 422, as GitHub does.</summary>
internal static class JsonFields
{
    public static string? Text(this JsonObject body, string name) => body[name] is { } node ? AsText(node, name) : null;

    public static string RequiredText(this JsonObject body, string name) => body.Text(name) ?? throw Missing(name);

    /// <summary>Returns the names in a list of strings or of objects with a <c>name</c>; null if the field is absent.</summary>
    public static IReadOnlyList<string>? Names(this JsonObject body, string name) => body[name] switch
    {
        null => null,
        JsonArray list => [.. list.Select(n => n is JsonObject label ? label.RequiredText("name") : AsText(n, name))],
        _ => throw Invalid(name),
    };

    private static string AsText(JsonNode? node, string name) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw Invalid(name);

    private static GitHubErrorException Missing(string name) =>
        new(422, "UNPROCESSABLE", $"Invalid request.\n\n\"{name}\" wasn't supplied.");

    private static GitHubErrorException Invalid(string name) =>
        new(422, "UNPROCESSABLE", $"Invalid request.\n\nFor '{name}', the value is not of the right type.");
}
