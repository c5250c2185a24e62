using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

internal static class HealthText
{
    public static void Write(IAnsiConsole console, Uri url, HealthReport health)
    {
        console.MarkupLineInterpolated($"{url}: [bold]{health.Status}[/], version {health.Version}");
        foreach (HealthEntry entry in health.Checks)
        {
            console.MarkupLineInterpolated($"  {entry.Status,-9} {entry.Name}: {entry.Detail}");
        }

        NextStep.Write(console, health.Status == HealthReport.Ok
            ? "to start what waits: sitemonitor process-pipeline"
            : "do what the lines that are not ok say.");
    }
}
