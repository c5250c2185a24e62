using System.Text.Json.Nodes;

namespace SiteMonitor.Tests.Sandbox;

internal static class ModelResponses
{
    /// <summary>The JSON that the model wrote.</summary>
    public static JsonNode Content(this SandboxResponse answer) => JsonNode.Parse(answer.Json["choices"]![0]!["message"]!["content"]!.GetValue<string>())!;
}
