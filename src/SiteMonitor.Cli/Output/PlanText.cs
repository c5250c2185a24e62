using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>A dry run's plan.</summary>
internal static class PlanText
{
    public static void Write(IAnsiConsole console, DryRunPlan plan)
    {
        console.MarkupLineInterpolated($"{plan.Issue} would end as [bold]{plan.Outcome}[/]{Because(plan.Reason)}.");
        if (plan.Route.Length > 0)
        {
            console.MarkupLineInterpolated($"  route {plan.Route}: {plan.RouteReason}");
        }

        foreach (PlannedWrite write in plan.Writes)
        {
            console.MarkupLineInterpolated($"  {write.Step}: {string.Join("; ", Parts(write))}");
        }

        console.MarkupLineInterpolated($"  {plan.Writes.Count} write(s) to GitHub, none made.");
    }

    private static string Because(string reason) => reason.Length == 0 ? string.Empty : $" ({reason})";

    private static IEnumerable<string> Parts(PlannedWrite write)
    {
        if (write.AddLabels.Count > 0)
        {
            yield return $"add {string.Join(", ", write.AddLabels)}";
        }

        if (write.RemoveLabels.Count > 0)
        {
            yield return $"remove {string.Join(", ", write.RemoveLabels)}";
        }

        if (write.Body is { } body)
        {
            yield return $"body: {body}";
        }

        if (write.Comment is { } comment)
        {
            yield return $"comment: {comment.ReplaceLineEndings(" ")}";
        }

        if (write.AssignsCopilot)
        {
            yield return "assign Copilot";
        }

        if (write.Closes)
        {
            yield return "close";
        }
    }
}
