using SiteMonitor.LocalHost.Backlog;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.LocalHost;

/// <summary>Prints the host's addresses and what to try next.</summary>
internal static class StartupMessages
{
    public static void WriteAddresses(RunningHost host, IBacklogView view)
    {
        view.WriteLine($"SiteMonitor listens on {host.Url}");
        view.WriteLine($"Dashboard: {host.Dashboard}");
        if (host.Simulation is not { } simulation)
        {
            return;
        }

        int issues = simulation.Server.Issues(SeedCatalogue.Repository).Count;
        view.WriteLine(
            $"Sandbox: simulated GitHub and model at {simulation.Server.BaseAddress} with {issues} issues in {SeedCatalogue.Repository}, "
            + $"rollout phase {simulation.Session.Phase}; nothing leaves this machine.");
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
        view.WriteLine("  dotnet dev.cs cli -- status --issue 1     shows the state of one issue");
        if (host.Simulation is { } simulation)
        {
            view.WriteLine($"  curl -X POST {simulation.Server.BaseAddress}sandbox/finding");
            view.WriteLine("                                            opens an issue; its webhook starts a run");
        }
    }
}
