using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>JSON for scripts, one line a document, never wrapped.</summary>
internal static class RawJson
{
    public static void Write(IAnsiConsole console, string json) => console.Profile.Out.Writer.WriteLine(JsonNode.Parse(json)?.ToJsonString());

    public static void Write(IAnsiConsole console, Problem problem) => Write(console, JsonSerializer.Serialize(problem, ContractJson.Default.Problem));
}
