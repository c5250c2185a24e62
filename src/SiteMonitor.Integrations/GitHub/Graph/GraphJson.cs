using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Octokit.Internal;

namespace SiteMonitor.Integrations.GitHub.Graph;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GraphRequest))]
[JsonSerializable(typeof(GraphResponse<ReadIssueData>))]
[JsonSerializable(typeof(GraphResponse<IssuePartData>))]
[JsonSerializable(typeof(GraphResponse<KnownCommentsData>))]
[JsonSerializable(typeof(GraphResponse<LabelsData>))]
[JsonSerializable(typeof(GraphResponse<CreateLabelsData>))]
[JsonSerializable(typeof(GraphResponse<ApplyChangeData>))]
[JsonSerializable(typeof(GraphResponse<FindCopilotData>))]
[JsonSerializable(typeof(GraphResponse<ClosingIssuesData>))]
[JsonSerializable(typeof(GraphResponse<ViewerData>))]
internal sealed partial class GraphJson : JsonSerializerContext;

internal sealed record GraphResponse<T>(T? Data, IReadOnlyList<GraphError>? Errors)
    where T : class
{
    public bool HasErrors => Errors is { Count: > 0 };
}

/// <summary>One entry of <c>errors</c> in a GraphQL response, which GitHub sends with status 200.</summary>
/// <param name="Type"><c>NOT_FOUND</c>, <c>RATE_LIMITED</c>, <c>FORBIDDEN</c> …; absent when the document itself is refused.</param>
/// <param name="Path">Names and indexes from the root.</param>
internal sealed record GraphError(string? Type, string? Message, IReadOnlyList<JsonElement>? Path, GraphErrorExtensions? Extensions)
{
    /// <summary>Response name of the top-level field that failed.</summary>
    public string Field => Path is [{ ValueKind: JsonValueKind.String } first, ..] ? first.GetString()! : string.Empty;

    /// <summary>Whether the error is at a field of that name, or inside it at any depth.</summary>
    public bool IsWithin(string field) =>
        Path?.Any(part => part.ValueKind == JsonValueKind.String && part.ValueEquals(field)) == true;
}

/// <param name="Code"><c>undefinedField</c>, <c>argumentNotAccepted</c> … when the document does not fit the server's schema.</param>
internal sealed record GraphErrorExtensions(string? Code, string? FieldName);

/// <param name="Query">One of <see cref="GraphDocuments"/>: never holds anything but constants of ours.</param>
/// <param name="Variables">All values, people's text too.</param>
internal sealed record GraphRequest(string Query, JsonObject Variables);

/// <summary>Lets Octokit's connection read GraphQL responses with System.Text.Json: its own serializer expects REST names.</summary>
internal sealed class GraphSerializer : IJsonSerializer
{
    public string Serialize(object item) => JsonSerializer.Serialize(item, item.GetType(), GraphJson.Default);

    public T Deserialize<T>(string json) => (T)JsonSerializer.Deserialize(json, typeof(T), GraphJson.Default)!;
}
