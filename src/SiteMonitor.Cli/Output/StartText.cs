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

/// <summary>A batch that was started, or planned.</summary>
internal static class BatchText
{
    public static void Write(Terminal terminal, BatchResponse batch, bool dryRun)
    {
        IAnsiConsole console = terminal.Out;
        foreach (BatchEntry entry in batch.Issues)
        {
            console.MarkupLineInterpolated($"{entry.Issue}: {entry.Result}");
            if (entry.Plan is { } plan)
            {
                PlanText.Write(console, plan);
            }
        }

        WriteProblems(terminal.Error, batch);
        console.MarkupLineInterpolated($"{batch.Issues.Count} issue(s) taken up, {batch.Started} started.");
        NextStep.Write(console, dryRun ? "to do it: the same command without --dry-run."
            : batch.Issues.Count == 0 ? "nothing waits; label an issue site-monitor to have it processed."
            : "to see how they go: sitemonitor status --issue owner/name#number, or add --wait.");
    }

    public static void WriteProblems(IAnsiConsole console, BatchResponse batch)
    {
        foreach (string problem in batch.Problems)
        {
            console.MarkupLineInterpolated($"[red]{problem}[/]");
        }
    }
}

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
