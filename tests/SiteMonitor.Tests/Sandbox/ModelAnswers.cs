using System.Text.Json.Nodes;

namespace SiteMonitor.Tests.Sandbox;

internal static class ModelAnswers
{
    /// <summary>The JSON that the model wrote.</summary>
    public static JsonNode Content(this SandboxAnswer answer) => JsonNode.Parse(answer.Json["choices"]![0]!["message"]!["content"]!.GetValue<string>())!;
}
