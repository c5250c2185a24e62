using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

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
