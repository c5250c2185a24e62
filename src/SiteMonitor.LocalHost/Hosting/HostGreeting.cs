using SiteMonitor.LocalHost.Backlog;
using SiteMonitor.LocalHost.Sandbox.Seeds;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>What the host says of itself.</summary>
internal static class HostGreeting
{
    public static void Say(RunningHost host, IBacklogView view)
    {
        view.Say($"SiteMonitor listens on {host.Url}");
        if (host.Simulation is not { } simulation)
        {
            return;
        }

        view.Say($"Sandbox: simulated GitHub and model at {simulation.Server.BaseAddress}, {simulation.Server.Issues(SeedCatalogue.Repository).Count} issues in {SeedCatalogue.Repository}; nothing leaves this machine.");
        if (simulation.Session.IsResumed)
        {
            view.Say($"The run that began {simulation.Session.Started:u} was interrupted and goes on; --fresh begins anew.");
        }
    }

    public static void SayWhatIsNext(RunningHost host, IBacklogView view)
    {
        view.Say(string.Empty);
        view.Say("The host stays up for more; Ctrl-C stops it. Next, in another terminal:");
        view.Say("  dotnet dev.cs cli -- status                            is it well?");
        view.Say("  dotnet dev.cs cli -- status --issue 1                  how one issue stands");
        if (host.Simulation is { } simulation)
        {
            string body = $$"""{"do":"open","repository":"{{SeedCatalogue.Repository}}","value":"New ransomware campaign against grid operators","text":"A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware. It exploits CVE-2025-21418.","labels":["site-monitor"]}""";
            view.Say($"  curl {simulation.Server.BaseAddress}sandbox/person -d '{body}'");
            view.Say("                                                         a new issue: its webhook starts the pipeline");
        }
    }
}
