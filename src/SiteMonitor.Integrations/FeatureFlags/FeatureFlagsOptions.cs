namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Settings <c>FeatureFlags:*</c>.</summary>
public sealed class FeatureFlagsOptions
{
    /// <summary>A JSON file with the flags, instead of Azure App Configuration.</summary>
    public string? File { get; set; }

    /// <summary>Where the last known flags are kept for a start during an outage; beside the flags file or in the machine's application data by default.</summary>
    public string? LastKnownFile { get; set; }
}
