namespace SiteMonitor.Cli.Api;

/// <summary>The application to talk to.</summary>
/// <param name="Url">With a slash at the end, without the route prefix.</param>
/// <param name="Key">The function key; null when none was found.</param>
/// <param name="WebhookSecret">Of a sandbox on this machine; null otherwise.</param>
/// <param name="Repository">The one repository of a host on this machine; null when unknown.</param>
internal sealed record ApiTarget(Uri Url, string? Key, string? WebhookSecret, string? Repository);
