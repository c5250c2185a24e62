using Microsoft.DurableTask.Client;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>An instance has got another status, and it is on disk.</summary>
public sealed record InstanceChange(string InstanceId, string Name, OrchestrationRuntimeStatus Status);
