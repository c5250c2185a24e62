using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

internal static class DoctorText
{
    public static void Write(IAnsiConsole console, DoctorReport report)
    {
        foreach (Finding finding in report.Findings)
        {
            console.MarkupLineInterpolated($"{Sign(finding.Level)} {finding.Check,-12} {finding.Detail}");
            if (finding.Advice.Length > 0)
            {
                console.MarkupLineInterpolated($"{' ',14} → {finding.Advice}");
            }
        }

        int failures = report.Findings.Count(f => f.Level == FindingLevel.Failure);
        int warnings = report.Findings.Count(f => f.Level == FindingLevel.Warning);
        NextStep.Write(console, failures > 0
            ? FormattableString.Invariant($"mend what is marked ✗ ({failures}), then run 'sitemonitor doctor' again.")
            : FormattableString.Invariant($"nothing is in the way ({warnings} to look at): 'sitemonitor rollout status' shows where you are."));
    }

    private static string Sign(FindingLevel level) => level switch
    {
        FindingLevel.Ok => "✓",
        FindingLevel.Warning => "!",
        _ => "✗",
    };
}

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
