using SiteMonitor.LocalHost.Backlog;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.LocalHost;

/// <summary>Prints the host's addresses and what to try next.</summary>
internal static class StartupMessages
{
    public static void WriteAddresses(RunningHost host, IBacklogView view)
    {
        view.WriteLine($"SiteMonitor listens on {host.Url}");
        view.WriteLine($"Dashboard: {host.Dashboard} (opened with its key by: dotnet dev.cs cli -- dashboard --open)");
        if (host.Simulation is not { } simulation)
        {
            return;
        }

        string repository = simulation.Server.Repository;
        int issues = simulation.Server.Issues(repository).Count;
        view.WriteLine(
            $"Sandbox: simulated GitHub and model at {simulation.Server.BaseAddress} with {issues} issues in {repository}, "
            + $"rollout phase {simulation.Session.Phase}; nothing leaves this machine.");
        if (simulation.Import is { } import)
        {
            view.WriteLine(simulation.Arrivals is { } arrivals
                ? $"{arrivals.Waiting} of the {import.Issues.Issues.Count} issues of {Path.GetFileName(import.Path)} (exported "
                    + $"{import.Header.ExportedAt:u}) have not arrived yet; to move the clock to them: "
                    + "dotnet dev.cs cli -- clock advance 1d"
                : $"They are the {import.Issues.Issues.Count} open issues of {Path.GetFileName(import.Path)} (exported "
                + $"{import.Header.ExportedAt:u}) as they were opened, with the label site-monitor; "
                + $"its {import.Closed} closed ones are left out.");
        }

        if (simulation.Session.DiscardedRunStarted is { } discarded)
        {
            view.WriteLine(
                $"The sandbox run of {discarded:u} was discarded, because it had finished or was started with other options. "
                + "This is a new one.");
        }

        if (simulation.Session.IsResumed)
        {
            view.WriteLine($"Continuing the run of {simulation.Session.Started:u}, which was interrupted; --fresh starts a new one.");
        }
    }

    public static void WriteInterrupted(IBacklogView view)
    {
        view.WriteLine(view.ExpectedIssues > 0
            ? $"Interrupted: {view.EndedIssues} of {view.ExpectedIssues} issues processed."
            : "Interrupted: the backlog was not read to its end yet.");
        view.WriteLine("Unfinished runs continue with the next start: dotnet dev.cs run (--fresh starts anew).");
    }

    public static void WriteNextSteps(RunningHost host, IBacklogView view)
    {
        view.WriteLine(string.Empty);
        view.WriteLine("The host keeps running; Ctrl-C stops it. Next, in another terminal:");
        view.WriteLine("  dotnet dev.cs cli -- dashboard --open     opens the dashboard");
        view.WriteLine("  dotnet dev.cs cli -- status               shows whether it is healthy");
        int issue = host.Simulation is { Arrivals: null, Import: { } import } ? import.Issues.Issues[0].Number : 1;
        view.WriteLine($"  dotnet dev.cs cli -- {$"status --issue {issue}",-20} shows the state of one issue");
        if (host.Simulation is { } simulation)
        {
            view.WriteLine($"  curl -X POST {simulation.Server.BaseAddress}sandbox/finding");
            view.WriteLine("                                            opens an issue; its webhook starts a run");
        }
    }
}
