using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>One run that was started, or planned.</summary>
internal static class StartText
{
    public static void Write(IAnsiConsole console, StartResponse start, bool dryRun)
    {
        console.MarkupLineInterpolated($"{start.Issue}: {start.Detail}");
        if (start.Plan is { } plan)
        {
            PlanText.Write(console, plan);
        }

        NextStep.Write(console, dryRun
            ? "to do it: the same command without --dry-run."
            : $"to see how it goes: sitemonitor status --issue {start.Issue}");
    }
}
