namespace SiteMonitor.LocalHost.Sandbox.Control;

/// <summary>Body of <c>POST /sandbox/webhook</c>.</summary>
/// <param name="Target">Where deliveries go from now on.</param>
public sealed record WebhookTargetRequest(Uri Target);
