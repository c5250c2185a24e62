namespace SiteMonitor.Core.Contracts;

/// <summary>Answer to a delivery: 202 with the instance that takes care of it, or 200 with the reason why nothing was started.</summary>
public sealed record WebhookResponse
{
    /// <summary>Null when nothing was started.</summary>
    public string? InstanceId { get; init; }

    public required string Reason { get; init; }
}
