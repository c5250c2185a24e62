using SiteMonitor.LocalHost.Sandbox.Model;

namespace SiteMonitor.LocalHost.Sandbox;

/// <summary>What can be switched while the sandbox runs.</summary>
internal sealed class SandboxSwitches
{
    public CopilotBehaviour Copilot { get; set; }

    public ModelBehaviour Model { get; set; }
}
