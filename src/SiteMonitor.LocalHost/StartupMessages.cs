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
        if (host.Simulation is not { } simulation)
        {
            return;
        }

        view.WriteLine(
            $"Sandbox: simulated GitHub and model at {simulation.Server.BaseAddress}, {simulation.Server.Issues(SeedCatalogue.Repository).Count} issues in {SeedCatalogue.Repository}; nothing leaves this machine.");
        if (simulation.Session.IsResumed)
        {
            view.WriteLine($"The run that began {simulation.Session.Started:u} was interrupted and goes on; --fresh begins anew.");
        }
    }

    public static void WriteNextSteps(RunningHost host, IBacklogView view)
    {
        view.WriteLine(string.Empty);
        view.WriteLine("The host stays up for more; Ctrl-C stops it. Next, in another terminal:");
        view.WriteLine("  dotnet dev.cs cli -- status                            is it well?");
        view.WriteLine("  dotnet dev.cs cli -- status --issue 1                  how one issue stands");
        if (host.Simulation is { } simulation)
        {
            string body = $$"""{"do":"open","repository":"{{SeedCatalogue.Repository}}","value":"New ransomware campaign against grid operators","text":"A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware. It exploits CVE-2025-21418.","labels":["site-monitor"]}""";
            view.WriteLine($"  curl {simulation.Server.BaseAddress}sandbox/person -d '{body}'");
            view.WriteLine("                                                         a new issue: its webhook starts the pipeline");
        }
    }
}
