using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>The line each command ends with: what to do next.</summary>
internal static class NextStep
{
    public static void Write(IAnsiConsole console, string text) => console.MarkupLineInterpolated($"[grey]Next,[/] {text}");
}

internal static class ProblemText
{
    public static void Write(IAnsiConsole console, Problem problem)
    {
        console.MarkupLineInterpolated($"[red]{problem.Title}[/] ({problem.Status})");
        if (problem.Detail.Length > 0)
        {
            console.MarkupLineInterpolated($"{problem.Detail}");
        }

        foreach (string error in problem.Errors)
        {
            console.MarkupLineInterpolated($"  - {error}");
        }
    }
}

/// <summary>JSON for scripts, one line a document, never wrapped.</summary>
internal static class RawJson
{
    public static void Write(IAnsiConsole console, string json) => console.Profile.Out.Writer.WriteLine(JsonNode.Parse(json)?.ToJsonString());

    public static void Write(IAnsiConsole console, Problem problem) => Write(console, JsonSerializer.Serialize(problem, ContractJson.Default.Problem));
}
