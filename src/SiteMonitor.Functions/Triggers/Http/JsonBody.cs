using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>
/// Reads JSON requests strictly. A member that the route does not know is refused by name, because ignoring it would ignore what the
/// caller asked for.
/// </summary>
internal static class JsonBody
{
    private const int DefaultMaxLength = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Reads the request. An empty body is a request without members.</summary>
    /// <param name="maxLength">Bytes.</param>
    public static async Task<T> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken, int maxLength = DefaultMaxLength)
        where T : class, new()
    {
        ReadOnlyMemory<byte> body = await RequestBody.ReadAsync(request, maxLength, cancellationToken);
        if (body.IsEmpty)
        {
            return new T();
        }

        RequireJson(request.ContentType);
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Strict);
            RequireKnownMembers(document.RootElement, type);
            return document.RootElement.Deserialize(type) ?? new T();
        }
        catch (JsonException exception)
        {
            throw RequestBody.Refuse(
                StatusCodes.Status400BadRequest, "The body is not the JSON that this route expects.", [Describe(exception, type)]);
        }
    }

    private static void RequireJson(string? contentType)
    {
        if (contentType is not null && !contentType.Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            throw RequestBody.Refuse(
                StatusCodes.Status415UnsupportedMediaType,
                "The body must be JSON: send it with the header Content-Type: application/json.");
        }
    }

    private static void RequireKnownMembers(JsonElement root, JsonTypeInfo type)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw RequestBody.Refuse(StatusCodes.Status400BadRequest, "The body must be a JSON object.");
        }

        string[] known = [.. type.Properties.Select(p => p.Name)];
        string[] unknown =
            [.. root.EnumerateObject().Select(p => p.Name).Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase))];
        if (unknown.Length > 0)
        {
            throw RequestBody.Refuse(
                StatusCodes.Status400BadRequest,
                $"The body has members that this route does not know. Known are {string.Join(", ", known)}.",
                [.. unknown.Select(name => $"{Shorten(name)}: unknown member.")]);
        }
    }

    private static string Describe(JsonException exception, JsonTypeInfo type)
    {
        string member = exception.Path is { } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : string.Empty;
        JsonPropertyInfo? property = type.Properties.FirstOrDefault(p => p.Name.Equals(member, StringComparison.OrdinalIgnoreCase));
        return property is not null
            ? $"{property.Name}: expected {Expectation(property.PropertyType)}."
            : $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: not valid JSON, or a member twice.";
    }

    private static string Expectation(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? Expectation(inner) : type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) => "a whole number",
        _ when type == typeof(string) => "a string",
        _ => "another kind of value",
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}
