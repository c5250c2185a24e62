namespace SiteMonitor.Core.Issues;

/// <summary>What a webhook delivery asks for.</summary>
public enum DeliveryAction
{
    Ignore,

    /// <summary>A run on the issue.</summary>
    Start,

    /// <summary>Completion of the issue.</summary>
    Complete,
}
