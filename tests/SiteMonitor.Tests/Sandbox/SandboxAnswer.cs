using System.Net;
using System.Text.Json.Nodes;

namespace SiteMonitor.Tests.Sandbox;

internal sealed record SandboxResponse(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string Message => Json["message"]!.GetValue<string>();

    public static async Task<SandboxResponse> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        response.StatusCode,
        await response.Content.ReadAsStringAsync(cancellationToken),
        response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));

    public string[] Names(string field) => [.. Json[field]!.AsArray().Select(n => (n!["name"] ?? n["login"])!.GetValue<string>())];

    /// <summary>The type of the first GraphQL error.</summary>
    public string ErrorType => Json["errors"]![0]!["type"]!.GetValue<string>();
}
