using SiteMonitor.Core.Contracts;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes a run that was started or planned.</summary>
internal static class StartText
{
    public static void Write(IAnsiConsole console, StartResponse start, bool dryRun)
    {
        console.WriteStyledLine($"{start.Issue}: {start.Detail}");
        if (start.Plan is { } plan)
        {
            PlanText.Write(console, plan);
        }

        console.WriteNextStep(dryRun
            ? PlanText.GetNextStep([.. start.Plan is { } planned ? [planned] : Array.Empty<DryRunPlan>()])
            : $"follow the run: sitemonitor status --issue {start.Issue}");
    }
}

/// <summary>Writes a batch that was started or planned.</summary>
internal static class BatchText
{
    public static void Write(Terminal terminal, BatchResponse batch, bool dryRun)
    {
        IAnsiConsole console = terminal.Out;
        foreach (BatchEntry entry in batch.Issues)
        {
            console.WriteStyledLine($"{entry.Issue}: {entry.Result}");
            if (entry.Plan is { } plan)
            {
                PlanText.Write(console, plan);
            }
        }

        WriteProblems(terminal.Error, batch);
        console.WriteStyledLine($"{batch.Issues.Count} issue(s) selected, {batch.Started} started.");
        if (batch.Deferred > 0)
        {
            console.WriteStyledLine(
                $"{batch.Deferred} issue(s) of the backlog wait for another day: the phase's intake is used up. urgent issues do not wait.");
        }

        console.WriteNextStep(batch.Issues.Count + batch.Deferred == 0 ? "nothing waits; label an issue site-monitor to have it processed."
            : dryRun ? PlanText.GetNextStep([.. batch.Issues.Select(i => i.Plan).OfType<DryRunPlan>()])
            : "follow the runs: sitemonitor status --issue owner/name#number, or add --wait.");
    }

    public static void WriteProblems(IAnsiConsole console, BatchResponse batch)
    {
        foreach (string problem in batch.Problems)
        {
            console.WriteStyledLine($"[red]{problem}[/]");
        }
    }
}

/// <summary>Writes the plan of a dry run.</summary>
internal static class PlanText
{
    public static void Write(IAnsiConsole console, DryRunPlan plan)
    {
        string reason = plan.Reason.Length == 0 ? string.Empty : $" ({plan.Reason})";
        console.WriteStyledLine($"{plan.Issue} would end as [bold]{plan.Outcome}[/]{reason}.");
        if (plan.Route.Length > 0)
        {
            console.WriteStyledLine($"  route {plan.Route}: {plan.RouteReason}");
        }

        foreach (PlannedWrite write in plan.Writes)
        {
            console.WriteStyledLine($"  {write.Step}: {string.Join("; ", DescribeParts(write))}");
        }

        console.WriteStyledLine($"  {plan.Writes.Count} write(s) to GitHub, none made.");
    }

    /// <summary>Returns what to do after a dry run; without planned writes there is nothing to carry out.</summary>
    public static string GetNextStep(IReadOnlyList<DryRunPlan> plans) =>
        plans.Count > 0 && plans.All(p => p.Writes.Count == 0)
            ? "nothing would be written; the reason is above."
            : "carry it out: the same command without --dry-run.";

    private static IEnumerable<string> DescribeParts(PlannedWrite write)
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
            yield return $"comment: {comment}";
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
