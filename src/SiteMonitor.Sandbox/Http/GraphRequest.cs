using System.Text.Json;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;

namespace SiteMonitor.Sandbox.Http;

/// <summary>A parsed GraphQL request. It is parsed before execution because rate limits and faults depend on its fields.</summary>
internal sealed record GraphRequest(string Query, string? OperationName, IReadOnlyDictionary<string, object?> Variables)
{
    public bool IsMutation { get; private init; }

    /// <summary>Names of the operation's top-level fields.</summary>
    public IReadOnlyList<string> Fields { get; private init; } = [];

    /// <summary>Returns null if the body is not a GraphQL request.</summary>
    public static GraphRequest? Parse(byte[] body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            JsonElement root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("query", out JsonElement query)
                || query.GetString() is not { Length: > 0 } text)
            {
                return null;
            }

            string? name = root.TryGetProperty("operationName", out JsonElement operation) ? operation.GetString() : null;
            Dictionary<string, object?> variables = root.TryGetProperty("variables", out JsonElement values)
                && values.ValueKind == JsonValueKind.Object
                ? (Dictionary<string, object?>)ToValue(values)!
                : [];
            return ParseDocument(new GraphRequest(text, name, variables));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static GraphRequest ParseDocument(GraphRequest request)
    {
        try
        {
            GraphQLDocument document = Parser.Parse(request.Query);
            GraphQLOperationDefinition? operation = document.Definitions.OfType<GraphQLOperationDefinition>()
                .FirstOrDefault(o => request.OperationName is null || o.Name?.StringValue == request.OperationName);
            return operation is null
                ? request
                : request with
                {
                    IsMutation = operation.Operation == OperationType.Mutation,
                    Fields = [.. operation.SelectionSet.Selections.OfType<GraphQLField>().Select(f => f.Name.StringValue)],
                };
        }
        catch (GraphQLParserException)
        {
            return request;
        }
    }

    private static object? ToValue(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(p => p.Name, p => ToValue(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Select(ToValue).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number when element.TryGetInt32(out int number) => number,
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
