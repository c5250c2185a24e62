using System.Text.Json.Nodes;

namespace SiteMonitor.Tests.Sandbox;

internal sealed record ReceivedWebhook(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Name => $"{Headers["X-GitHub-Event"]}.{Json["action"]}".TrimEnd('.');

    public string Delivery => Headers["X-GitHub-Delivery"];
}
