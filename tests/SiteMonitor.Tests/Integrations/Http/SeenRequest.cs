using System.Text.Json.Nodes;

namespace SiteMonitor.Tests.Integrations.Http;

internal sealed record RecordedRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonObject Json => (JsonObject)JsonNode.Parse(Body)!;

    /// <summary>The GraphQL operation's name: <c>ReadIssue</c>; empty for REST.</summary>
    public string Operation => Path.EndsWith("/graphql", StringComparison.Ordinal) ? ((string)Json["query"]!).Split(' ', '(')[1] : string.Empty;

    public JsonObject Variables => (JsonObject)Json["variables"]!;
}
