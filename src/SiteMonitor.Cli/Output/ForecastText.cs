using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Rollout.Gates;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes a forecast of the gate and of the guard.</summary>
internal static class ForecastText
{
    public static void Write(IAnsiConsole console, RolloutForecast forecast)
    {
        TrafficRates traffic = forecast.Traffic;
        console.WriteStyledLine(
            $"[bold]Phase {forecast.Phase}[/] at {traffic.Issues:0.#} issues and {traffic.UnifiedRuns:0.#} unified runs a day");
        console.WriteStyledLine($"  [grey]{traffic.Basis}[/]");
        string met = forecast.GateMetAt is { } at
            ? FormattableString.Invariant($"met on {at:yyyy-MM-dd HH:mm}")
            : "waits for people, or is never met";
        console.WriteStyledLine($"Gate: {met}");
        WriteRows(console, forecast.Gate.Select(c => (string[])[c.State == CriterionState.Met ? "✓" : c.Never ? "✗" : "…", c.Id, c.When]));
        console.WriteStyledLine($"Guard, error signal:");
        WriteRows(console,
            forecast.Guard.Select(d => (string[])[$"{d.FailingPercent} % fail", Format(d.Runs, "runs"), Format(d.Days, "days")]));
        foreach (string never in forecast.Never)
        {
            console.WriteStyledLine($"  [yellow]never:[/] {never}");
        }

        console.WriteNextStep(
            forecast.Never.Count > 0 ? "rules that can never be met or fire need another figure in the plan." : "sitemonitor rollout gate");
    }

    private static void WriteRows(IAnsiConsole console, IEnumerable<string[]> rows)
    {
        Grid grid = ConsoleText.CreateGrid(columns: 3);
        bool isEmpty = true;
        foreach (string[] row in rows)
        {
            grid.AddTextRow(row);
            isEmpty = false;
        }

        if (!isEmpty)
        {
            console.WriteWholeWords(grid);
        }
    }

    private static string Format(double? value, string unit) =>
        value is { } number ? FormattableString.Invariant($"after {number:0.#} {unit}") : $"no {unit}";
}
