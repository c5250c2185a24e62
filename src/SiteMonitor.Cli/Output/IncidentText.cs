using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Incidents;
using Spectre.Console;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes incidents.</summary>
internal static class IncidentText
{
    public static void WriteList(IAnsiConsole console, IncidentList list)
    {
        Grid grid = ConsoleText.CreateGrid(columns: 4);
        foreach (IncidentView incident in list.Incidents)
        {
            grid.AddTextRow(incident.Id, GetState(incident), $"{incident.Opened:yyyy-MM-dd HH:mm}", incident.Title);
        }

        if (list.Incidents.Count > 0)
        {
            console.WriteWholeWords(grid);
        }

        console.WriteNextStep(list.Incidents.FirstOrDefault(i => i.IsOpen) is { } open
            ? $"{(open.Acknowledged is null ? "sitemonitor incidents acknowledge" : "sitemonitor incidents view")} {open.Id}"
            : "no incident is open.");
    }

    public static void Write(IAnsiConsole console, IncidentView incident)
    {
        console.WriteStyledLine($"[bold]{incident.Id}[/] {GetState(incident)}: {incident.Title}");
        console.WriteStyledLine($"  opened {incident.Opened:yyyy-MM-dd HH:mm} by {incident.OpenedBy} in phase {incident.Phase}");
        Grid grid = ConsoleText.CreateGrid(columns: 4);
        foreach (IncidentEvent entry in incident.Timeline)
        {
            grid.AddTextRow($"{entry.At:yyyy-MM-dd HH:mm}", entry.Who, entry.What, entry.Text);
        }

        if (incident.Timeline.Count > 0)
        {
            console.WriteWholeWords(grid);
        }

        console.WriteNextStep(incident switch
        {
            { IsOpen: false } => $"sitemonitor incidents post-mortem {incident.Id}",
            { Acknowledged: null } => $"sitemonitor incidents acknowledge {incident.Id}",
            _ => $"sitemonitor incidents resolve {incident.Id} --reason \"…\"",
        });
    }

    private static string GetState(IncidentView incident) =>
        incident switch { { IsOpen: false } => "resolved", { Acknowledged: null } => "open", _ => "acknowledged" };
}
