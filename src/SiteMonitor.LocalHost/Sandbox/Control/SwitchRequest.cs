using SiteMonitor.LocalHost.Sandbox.Model;

namespace SiteMonitor.LocalHost.Sandbox.Control;

/// <summary>Body of <c>POST /sandbox/switches</c>; null leaves a switch.</summary>
public sealed record SwitchRequest(CopilotBehaviour? Copilot, ModelBehaviour? Model);
