using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes runs of the pipeline.</summary>
internal static class RunText
{
    private const int ShortIdLength = 8;

    /// <summary>Columns below which the reasons are left out of a list.</summary>
    private const int ReasonWidth = 120;

    public static bool IsFailure(RunSummary run) =>
        run.Outcome == WireName.Of(RunOutcome.Failed) || run.Outcome == WireName.Of(RunOutcome.Critical);

    public static void WriteList(IAnsiConsole console, RunList list)
    {
        foreach (ActiveRun run in list.Active)
        {
            console.WriteStyledLine($"  [yellow]{run.RuntimeStatus}[/] {run.Issue} since {run.Started:HH:mm:ss} {run.Step} {run.Detail}");
        }

        bool withReason = console.Profile.Width >= ReasonWidth;
        Grid grid = ConsoleText.CreateGrid(columns: withReason ? 7 : 6);
        foreach (RunSummary run in list.Runs)
        {
            string[] cells = [$"{run.Ended:MM-dd HH:mm}", run.Issue, run.Outcome, run.Route, FormatSeconds(run), GetShortId(run.RunId)];
            grid.AddTextRow(withReason ? [.. cells, run.Reason] : cells);
        }

        if (list.Runs.Count > 0)
        {
            console.WriteWholeWords(grid);
        }

        console.WriteNextStep(list.Runs.Count + list.Active.Count == 0 ? "no run matches; 'run list --all' also shows skipped ones."
            : list.Runs.FirstOrDefault(IsFailure) is { } failed ? $"see why: sitemonitor run view {GetShortId(failed.RunId)}"
            : "see one: sitemonitor run view <id>");
    }

    public static void WriteLine(IAnsiConsole console, RunSummary run)
    {
        Color color = IsFailure(run) ? Color.Red : Color.Green;
        console.WriteStyledLine(
            $"{run.Ended:HH:mm:ss} {run.Issue} {new Style(color)}{run.Outcome}[/] {FormatSeconds(run)} {GetShortId(run.RunId)} " +
                $"{run.Reason}");
    }

    public static void Write(IAnsiConsole console, RunDetail detail)
    {
        RunSummary run = detail.Run;
        console.WriteStyledLine($"[bold]{run.Issue}[/] run {run.RunId}: [bold]{run.Outcome}[/] {run.ReasonCode}");
        console.WriteStyledLine($"  {run.Reason}");
        console.WriteStyledLine($"  {run.Started:u} to {run.Ended:u}, by {run.Trigger}, stage {run.RequestedStage}, phase {run.Phase}");
        if (run.Route.Length > 0)
        {
            console.WriteStyledLine($"  route: {run.Route} ({run.RouteReason}), flags {run.FlagsRevision}");
        }

        if (run.Specialists.Count > 0)
        {
            console.WriteStyledLine($"  specialists: {string.Join(", ", run.Specialists)}");
        }

        Grid grid = ConsoleText.CreateGrid(columns: 4);
        foreach (RunStage stage in detail.Stages)
        {
            grid.AddTextRow(stage.Stage, stage.Logic, stage.Outcome, FormattableString.Invariant($"{stage.Ms / 1000.0:0.0} s"));
        }

        if (detail.Stages.Count > 0)
        {
            console.WriteWholeWords(grid);
        }

        console.WriteStyledLine($"  {FormatSeconds(run)}, {FormatUsage(run)}");
        if (detail.ManualIntervention)
        {
            console.WriteStyledLine($"  [yellow]A person changed the issue meanwhile.[/]");
        }

        console.WriteNextStep($"the issue's state: sitemonitor status --issue {run.Issue}");
    }

    public static string FormatSeconds(RunSummary run) => FormattableString.Invariant($"{run.DurationMs / 1000.0:0.0} s");

    public static string FormatUsage(RunSummary run)
    {
        string calls = FormattableString.Invariant($"GitHub {run.GitHubReads} reads, {run.GitHubWrites} writes, {run.GitHubExtra} extra");
        return FormattableString.Invariant($"{calls}, model {run.ModelCalls} calls, {run.Tokens} tokens, ${run.Dollars:0.0000}");
    }

    private static string GetShortId(string id) => id.Length > ShortIdLength ? id[..ShortIdLength] : id;
}
