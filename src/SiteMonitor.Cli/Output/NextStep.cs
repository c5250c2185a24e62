using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>The line each command ends with: what to do next.</summary>
internal static class NextStep
{
    public static void Write(IAnsiConsole console, string text) => console.MarkupLineInterpolated($"[grey]Next,[/] {text}");
}
