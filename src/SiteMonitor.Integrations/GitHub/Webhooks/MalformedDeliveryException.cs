namespace SiteMonitor.Integrations.GitHub.Webhooks;

/// <summary>A delivery that is not what GitHub sends: answered with 400 and this message, which names the member and what was expected, never its value.</summary>
public sealed class MalformedDeliveryException(string message) : Exception(message);
