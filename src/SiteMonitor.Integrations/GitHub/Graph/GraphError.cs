using System.Text.Json;

namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>One entry of a GraphQL answer's <c>errors</c>, which GitHub sends with status 200.</summary>
/// <param name="Type"><c>NOT_FOUND</c>, <c>RATE_LIMITED</c>, <c>FORBIDDEN</c> …; absent when the document itself is refused.</param>
/// <param name="Path">Names and indexes from the root.</param>
internal sealed record GraphError(string? Type, string? Message, IReadOnlyList<JsonElement>? Path, GraphErrorExtensions? Extensions)
{
    /// <summary>The response name of the top-level field it concerns.</summary>
    public string Field => Path is [{ ValueKind: JsonValueKind.String } first, ..] ? first.GetString()! : string.Empty;

    /// <summary>Whether it concerns something within a field of that name, however deep.</summary>
    public bool IsWithin(string field) => Path?.SkipLast(1).Any(part => part.ValueKind == JsonValueKind.String && part.ValueEquals(field)) == true;
}
